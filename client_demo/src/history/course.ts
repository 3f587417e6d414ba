/** The frames that are known of a history, in time: where one can stop, and when that was. */

/** The rows up to `until`, and the times (Unix ms) of the first and the last of them. */
export interface Leg {
  readonly after: number
  readonly until: number
  readonly since: number
  readonly at: number
}

export class Course {
  /** Another number whenever more is known. */
  version = 0
  readonly #legs: Leg[] = []
  readonly #broad: Leg[] = []

  get legs(): readonly Leg[] {
    return this.#legs
  }

  /** The legs as they first came: they stay when some are known more finely. */
  get broad(): readonly Leg[] {
    return this.#broad
  }

  /** The last seq. */
  get head(): number {
    return this.#legs.at(-1)?.until ?? 0
  }

  append({ after, until, since, at }: Leg): void {
    this.version++
    const leg = { after, until, since, at }
    this.#legs.push(leg)
    this.#broad.push(leg)
  }

  /** Puts finer legs in place of those that they cover. */
  refine(finer: readonly Leg[]): void {
    const [first, last] = [finer[0], finer.at(-1)]
    if (first === undefined || last === undefined) return
    const from = this.indexOf(first.after + 1)
    const to = this.indexOf(last.until)
    if (this.#legs[from]?.after !== first.after || this.#legs[to]?.until !== last.until) return
    this.version++
    this.#legs.splice(from, to - from + 1, ...finer.map(({ after, until, since, at }) => ({ after, until, since, at })))
  }

  /** Index of the leg with a seq; the first for 0, the last beyond the head. */
  indexOf(seq: number): number {
    let low = 0
    let high = this.#legs.length - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#legs[middle] as Leg).until >= seq) high = middle
      else low = middle + 1
    }
    return low
  }

  /** The leg with a seq; null when there is none. */
  legOf(seq: number): Leg | null {
    return seq < 1 || seq > this.head ? null : (this.#legs[this.indexOf(seq)] ?? null)
  }

  /** Whether it is known what was there after exactly this seq. */
  stopsAt(seq: number): boolean {
    return seq === 0 || this.legOf(seq)?.until === seq
  }

  /** The last seq not behind this one where one can stop. */
  floor(seq: number): number {
    if (seq >= this.head) return this.head
    const leg = this.legOf(seq)
    return leg === null ? 0 : leg.until === seq ? seq : leg.after
  }

  /** When a seq was written, in Unix ms; between two known times where it would lie at an even pace. */
  timeOf(seq: number): number {
    const leg = this.#legs[this.indexOf(seq)]
    if (leg === undefined) return 0
    const rows = leg.until - leg.after
    return rows <= 1 || seq <= leg.after ? (seq <= leg.after ? leg.since : leg.at) : leg.since + ((leg.at - leg.since) * (seq - leg.after - 1)) / (rows - 1)
  }
}
