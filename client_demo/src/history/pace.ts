/** How legs are played: the ms at which each seq is reached at single speed, with its pauses or without. */
import type { Leg } from './course'

/** With pauses skipped a row is waited for no longer than this, nor shorter, in ms. */
export const longest = 2000
const shortest = 30
/** So long it takes to write a row, in ms, where one does not know better. */
const typical = 400
/** The empty page is shown for so many ms. */
const lead = 600

export class Pace {
  /** By leg: when its last row is reached. */
  readonly #ends: Float64Array
  readonly #legs: readonly Leg[]

  constructor(
    legs: readonly Leg[],
    readonly skipping: boolean,
  ) {
    this.#legs = [...legs]
    this.#ends = new Float64Array(this.#legs.length)
    let end = lead
    this.#legs.forEach((leg, index) => {
      const before = this.#legs[index - 1]?.at ?? leg.since
      end += this.#waiting(leg.since - before) + this.#lasting(leg.at - leg.since, leg.until - leg.after - 1)
      this.#ends[index] = end
    })
  }

  get total(): number {
    return this.#ends.at(-1) ?? lead
  }

  /** When a seq is reached; within a leg that is not known row by row, at an even pace. */
  reached(seq: number): number {
    if (seq <= 0) return 0
    const index = this.#indexWhere((leg) => leg.until >= seq)
    const leg = this.#legs[index]
    if (leg === undefined) return this.total
    const begin = this.#begin(index)
    return begin + (((this.#ends[index] as number) - begin) * (seq - leg.after)) / (leg.until - leg.after)
  }

  /** The last seq that is reached by then, known row by row or not. */
  seqAt(time: number): number {
    const index = this.#indexWhere((_leg, at) => (this.#ends[at] as number) > time)
    const leg = this.#legs[index]
    if (leg === undefined) return this.#legs.at(-1)?.until ?? 0
    const begin = this.#begin(index)
    const share = Math.max(0, time - begin) / ((this.#ends[index] as number) - begin)
    return leg.after + Math.floor(share * (leg.until - leg.after))
  }

  /** Calls `visit` with each leg, and when it begins and ends. */
  eachLeg(visit: (leg: Leg, begin: number, end: number) => void): void {
    this.#legs.forEach((leg, index) => visit(leg, this.#begin(index), this.#ends[index] as number))
  }

  /** Times of day at which a long pause ended, with when that is played. */
  pauses(atLeast: number): { readonly time: number; readonly at: number }[] {
    return this.#legs.flatMap((leg, index) => {
      const before = this.#legs[index - 1]?.at
      return before === undefined || leg.since - before < atLeast ? [] : [{ time: this.#begin(index), at: leg.since }]
    })
  }

  #waiting(real: number): number {
    return this.skipping ? Math.min(Math.max(real, shortest), longest) : Math.max(0, real)
  }

  /** Where rows are not known one by one, a long time is taken to have been a pause. */
  #lasting(real: number, rows: number): number {
    return this.skipping ? Math.min(Math.max(real, shortest * rows), typical * rows) : Math.max(0, real)
  }

  #begin(index: number): number {
    return index === 0 ? lead : (this.#ends[index - 1] as number)
  }

  /** The first leg of which this holds, given that it then holds of all later ones. */
  #indexWhere(holds: (leg: Leg, index: number) => boolean): number {
    let low = 0
    let high = this.#legs.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (holds(this.#legs[middle] as Leg, middle)) high = middle
      else low = middle + 1
    }
    return low
  }
}
