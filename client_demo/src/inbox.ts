/** What the server sends, read in batches: others can wait for a moment, the letter that a person has just typed cannot. */

/** Reading may take this share of the time, less while somebody types here, and begins again after a pause, in ms. */
const share = { idle: 0.25, typing: 0.1 } as const
/** Somebody types who has pressed a key in the last so many ms. */
const typingLasts = 1000
const shortest = 16
const longest = 250
/** A batch ends after so many ms, however much is left. */
const slice = 8
/** After a batch that took longer, the next begins within so many ms behind a painted letter: the key after it is furthest then. */
const behind = 16
/** Who has pressed no key for so many ms will not press the next one at any moment. */
const lull = 250
/** Reading waits for letters to be painted, but not longer than so many ms. */
const patience = 500

export type Message = () => void

export class Inbox {
  readonly #messages: Message[] = []
  #due: ReturnType<typeof setTimeout> | null = null
  #oldest = 0
  #restUntil = 0
  /** The latest batch took longer than a slice: what it brought had to be drawn, too. */
  #long = false
  /** Keys whose letters are not on screen yet. */
  #unpainted = 0
  #pressedAt = Number.NEGATIVE_INFINITY
  #paintedAt = Number.NEGATIVE_INFINITY

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
    if (this.#due !== null || this.#messages.length === 0) return
    const now = performance.now()
    this.#due = setTimeout(() => this.#begin(), Math.max(0, this.#next(now) - now))
  }

  #planAnew(): void {
    if (this.#due !== null) clearTimeout(this.#due)
    this.#due = null
    this.#plan()
  }

  #begin(): void {
    this.#due = null
    const begun = performance.now()
    if (this.#next(begun) > begun) return this.#plan() // a key was pressed meanwhile
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
    this.#long = ended - begun > slice
    this.#restUntil = ended + Math.min(longest, Math.max(shortest, (ended - begun) * (1 / part - 1)))
  }

  /** When reading may begin, as things stand: letters that are painted meanwhile let it begin earlier. */
  #next(now: number): number {
    const end = this.#oldest + patience
    if (this.#unpainted > 0) return Math.max(this.#restUntil, end)
    if (this.#long && now > this.#paintedAt + behind) return Math.max(this.#restUntil, Math.min(this.#pressedAt + lull, end))
    return this.#restUntil
  }

  readonly #pressed = (): void => {
    this.#pressedAt = performance.now()
    this.#unpainted++
    const seen = (): void => {
      this.#unpainted--
      this.#paintedAt = performance.now()
      this.#planAnew()
    }
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(seen)))
  }
}
