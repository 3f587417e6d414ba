/** Where every visible character of the text stands: runs of IDs in document order, UTF-16 units. */
import type * as Y from 'yjs'

/** The part of a Yjs item that a walk over the text needs. */
interface Item {
  readonly id: { readonly client: number; readonly clock: number }
  readonly length: number
  readonly deleted: boolean
  readonly countable: boolean
  readonly right: Item | null
}

/** One change of the text: what stood in [from, from + removed) gave way to `inserted` units. */
export interface Edit {
  readonly from: number
  readonly removed: number
  readonly inserted: number
}

/** What a text is made of, now or at a moment of the past. */
export interface Runs {
  /** UTF-16 units of the text. */
  readonly length: number
  readonly runs: number
  /** Number of the run that holds the character at `index`. */
  runAt(index: number): number
  /** Where a run begins; the end of the text for the number after the last. */
  start(run: number): number
  /** The client id, and the clock, of a run's first character; the others follow. */
  client(run: number): number
  clock(run: number): number
}

export class Order implements Runs {
  #starts = new Int32Array(1024)
  #clients = new Float64Array(1024)
  #clocks = new Int32Array(1024)
  #runs = 0
  #length = 0
  /** Transactions since the runs were right; the first walk is one of them. */
  #missed = Number.POSITIVE_INFINITY

  constructor(readonly text: Y.Text) {}

  /** A transaction has changed the text: unless its edits are followed, the next question walks the text anew. */
  invalidate(): void {
    this.#missed++
  }

  /**
   * Follows the one transaction since the runs were last right, which is cheaper than a walk: its edits in turn, each
   * at its position after the ones before it; what they insert has the client's IDs from `clock` on.
   */
  follow(edits: readonly Edit[], client: number, clock: number): void {
    if (this.#missed !== 1) return
    this.#missed = 0
    let next = clock
    for (const { from, removed, inserted } of edits) {
      if (removed > 0) this.#remove(from, removed)
      if (inserted > 0) this.#insert(from, inserted, client, next)
      next += inserted
    }
  }

  get length(): number {
    this.#refresh()
    return this.#length
  }

  get runs(): number {
    this.#refresh()
    return this.#runs
  }

  runAt(index: number): number {
    this.#refresh()
    let low = 0
    let high = this.#runs
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#starts[middle] as number) <= index) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  start(run: number): number {
    return run < this.#runs ? (this.#starts[run] as number) : this.#length
  }

  client(run: number): number {
    return this.#clients[run] as number
  }

  clock(run: number): number {
    return this.#clocks[run] as number
  }

  #refresh(): void {
    if (this.#missed === 0) return
    this.#missed = 0
    this.#runs = 0
    this.#length = 0
    for (let item = (this.text as unknown as { _start: Item | null })._start; item !== null; item = item.right) {
      if (item.deleted || !item.countable) continue
      if (!this.#continues(this.#runs - 1, item.id.client, item.id.clock)) this.#put(this.#runs, this.#length, item.id.client, item.id.clock)
      this.#length += item.length
    }
  }

  #insert(index: number, length: number, client: number, clock: number): void {
    const before = this.runAt(index - 1)
    const cut = before >= 0 && this.start(before + 1) > index
    if (cut) this.#put(before + 1, index, this.client(before), this.clock(before) + index - this.start(before))
    const continues = this.#continues(before, client, clock)
    if (!continues) this.#put(before + 1, index, client, clock)
    this.#shift(before + (continues ? 1 : 2), length)
  }

  #remove(index: number, length: number): void {
    const end = index + length
    const last = this.runAt(end - 1)
    if (this.start(last + 1) > end) this.#put(last + 1, end, this.client(last), this.clock(last) + end - this.start(last))
    const first = this.runAt(index - 1) + 1
    const kept = this.runAt(end - 1) + 1
    for (const array of [this.#starts, this.#clients, this.#clocks]) array.copyWithin(first, kept, this.#runs)
    this.#runs -= kept - first
    this.#shift(first, -length)
  }

  /** Whether an ID is the one that comes next after a run. */
  #continues(run: number, client: number, clock: number): boolean {
    return run >= 0 && this.client(run) === client && this.clock(run) + this.start(run + 1) - this.start(run) === clock
  }

  /** Moves all runs from `first` on, and the end of the text. */
  #shift(first: number, by: number): void {
    for (let run = first; run < this.#runs; run++) this.#starts[run] = (this.#starts[run] as number) + by
    this.#length += by
  }

  /** Puts a run in front of the one that has its number now. */
  #put(run: number, start: number, client: number, clock: number): void {
    if (this.#runs === this.#starts.length) this.#grow()
    if (run < this.#runs) for (const array of [this.#starts, this.#clients, this.#clocks]) array.copyWithin(run + 1, run, this.#runs)
    this.#starts[run] = start
    this.#clients[run] = client
    this.#clocks[run] = clock
    this.#runs++
  }

  #grow(): void {
    const size = this.#starts.length * 2
    const larger = <T extends Int32Array | Float64Array>(array: T, fresh: T): T => (fresh.set(array), fresh)
    this.#starts = larger(this.#starts, new Int32Array(size))
    this.#clients = larger(this.#clients, new Float64Array(size))
    this.#clocks = larger(this.#clocks, new Int32Array(size))
  }
}
