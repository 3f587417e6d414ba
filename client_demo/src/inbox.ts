/** What the server sends, read in batches: others can wait for a moment, the letter that a person has just typed cannot. */

/** Reading may take this share of the time, less while somebody types here, and begins again after a pause, in ms. */
const share = { idle: 0.25, typing: 0.1 } as const
/** Somebody types who has pressed a key in the last so many ms. */
const typingLasts = 1000
const shortest = 16
const longest = 250
/** A batch ends after so many ms, however much is left. */
const slice = 8
/** Reading waits for letters to be painted, but not longer than so many ms. */
const patience = 250

export type Message = () => void

export class Inbox {
  readonly #messages: Message[] = []
  #due: ReturnType<typeof setTimeout> | null = null
  #oldest = 0
  #restUntil = 0
  /** Keys whose letters are not on screen yet. */
  #unpainted = 0
  #pressedAt = Number.NEGATIVE_INFINITY

  /** `read` is given messages in order, and calls `enough` between them to learn whether to leave the rest. */
  constructor(readonly read: (messages: Message[], enough: () => boolean) => void) {
    window.addEventListener('keydown', this.#pressed, true)
  }

  put(message: Message): void {
    if (this.#messages.push(message) === 1) this.#oldest = performance.now()
    this.#plan()
  }

  /** Reads all that is there at once. */
  flush(): void {
    this.read(this.#messages, () => false)
  }

  close(): void {
    window.removeEventListener('keydown', this.#pressed, true)
    if (this.#due !== null) clearTimeout(this.#due)
    this.#messages.length = 0
  }

  #plan(): void {
    if (this.#due !== null || this.#messages.length === 0 || this.#waits()) return
    this.#due = setTimeout(() => this.#begin(), Math.max(0, this.#restUntil - performance.now()))
  }

  #begin(): void {
    this.#due = null
    if (this.#waits()) return // the frame with the letter plans anew
    const begun = performance.now()
    try {
      this.read(this.#messages, () => performance.now() - begun > slice)
    } finally {
      this.#rest(begun, performance.now())
      this.#plan()
    }
  }

  #rest(begun: number, ended: number): void {
    const part = ended - this.#pressedAt < typingLasts ? share.typing : share.idle
    this.#oldest = ended
    this.#restUntil = ended + Math.min(longest, Math.max(shortest, (ended - begun) * (1 / part - 1)))
  }

  #waits(): boolean {
    return this.#unpainted > 0 && performance.now() - this.#oldest < patience
  }

  readonly #pressed = (): void => {
    this.#pressedAt = performance.now()
    this.#unpainted++
    requestAnimationFrame(() =>
      setTimeout(() => {
        this.#unpainted--
        this.#plan()
      }),
    )
  }
}
