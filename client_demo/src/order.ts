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

export class Order {
  #starts = new Int32Array(1024)
  #clients = new Float64Array(1024)
  #clocks = new Int32Array(1024)
  #runs = 0
  #length = 0
  #stale = true

  constructor(readonly text: Y.Text) {}

  /** The text has changed: the next question walks it anew. */
  invalidate(): void {
    this.#stale = true
  }

  get length(): number {
    this.#refresh()
    return this.#length
  }

  get runs(): number {
    this.#refresh()
    return this.#runs
  }

  /** Number of the run that holds the character at `index`. */
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
    if (!this.#stale) return
    this.#stale = false
    this.#runs = 0
    let index = 0
    for (let item = (this.text as unknown as { _start: Item | null })._start; item !== null; item = item.right) {
      if (item.deleted || !item.countable) continue
      this.#push(index, item.id.client, item.id.clock)
      index += item.length
    }
    this.#length = index
  }

  /** Neighbours that continue each other's clocks are one run. */
  #push(start: number, client: number, clock: number): void {
    const last = this.#runs - 1
    if (last >= 0 && this.#clients[last] === client && (this.#clocks[last] as number) + start - (this.#starts[last] as number) === clock) return
    if (this.#runs === this.#starts.length) this.#grow()
    this.#starts[this.#runs] = start
    this.#clients[this.#runs] = client
    this.#clocks[this.#runs] = clock
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
