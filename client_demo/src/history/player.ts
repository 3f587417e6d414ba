/** Plays time: at a speed, until its end. */
import { Signal } from '../signal'

/** How many times faster than it was written. */
export const speeds: readonly number[] = [1, 4, 16, 60, 250, 1000]
/** Unless a speed was chosen, playing all takes about so many ms. */
const comfortable = 45_000
/** A frame that comes later than this, in ms, is no reason to leap: the page was busy, or hidden. */
const longestFrame = 250

export class Player {
  /** It plays or not, or at another speed. */
  readonly changed = new Signal()
  #frame: number | null = null
  #last = 0
  #speed: number | null = null

  /** `advance` moves on by so many ms of play time and says whether there is more. */
  constructor(
    readonly advance: (by: number) => boolean,
    readonly total: () => number,
  ) {}

  get playing(): boolean {
    return this.#frame !== null
  }

  get speed(): number {
    return this.#speed ?? speeds.find((speed) => this.total() / speed <= comfortable) ?? (speeds.at(-1) as number)
  }

  set speed(speed: number) {
    this.#speed = speed
    this.changed.emit()
  }

  play(): void {
    if (this.playing) return
    this.#last = performance.now()
    this.#frame = requestAnimationFrame(this.#tick)
    this.changed.emit()
  }

  pause(): void {
    if (this.#frame === null) return
    cancelAnimationFrame(this.#frame)
    this.#frame = null
    this.changed.emit()
  }

  readonly #tick = (): void => {
    const now = performance.now()
    const passed = Math.min(longestFrame, now - this.#last)
    this.#last = now
    this.#frame = requestAnimationFrame(this.#tick)
    if (!this.advance(passed * this.speed)) this.pause()
  }
}
