/** Work that may wait until the page has a moment. */

/** Somebody who waits for a moment gets it after so many ms at the latest. */
const patience = 3000

/** A function that runs `work` once, soon, however often it is called; at most every `pause` ms. */
export function soon(work: () => void, pause: number): () => void {
  let waiting = false
  const run = (): void => {
    waiting = false
    work()
  }
  return () => {
    if (!waiting) setTimeout(run, pause)
    waiting = true
  }
}

/** The same, when the page has nothing else to do; work that takes long comes less often. */
export function later(work: () => void, pause: number): () => void {
  const idle = window.requestIdleCallback?.bind(window) ?? ((run: () => void) => setTimeout(run, 1))
  let waiting = false
  let rest = pause
  const run = (): void => {
    waiting = false
    const begun = performance.now()
    work()
    rest = Math.max(pause, (performance.now() - begun) * 100)
  }
  return () => {
    if (!waiting) setTimeout(() => idle(run, { timeout: patience }), rest)
    waiting = true
  }
}
