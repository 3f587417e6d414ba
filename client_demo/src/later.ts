/** Work that may wait until the page has a moment. */

/** A function that runs `work` once, soon, however often it is called; at most every `pause` ms. */
export function later(work: () => void, pause: number): () => void {
  let waiting = false
  const idle = window.requestIdleCallback?.bind(window) ?? ((run: () => void) => setTimeout(run, 1))
  return () => {
    if (waiting) return
    waiting = true
    setTimeout(() => idle(() => ((waiting = false), work())), pause)
  }
}
