/** An article as it was after one seq: its text in runs of IDs, and what had just been deleted from it. */
import type { Runs } from '../order'
import { type Chronicle } from './chronicle'

/** Text that is no longer there: deleted after the seq that one compares with. */
export interface Struck {
  /** Where it stood, in UTF-16 units of the moment's text. */
  readonly at: number
  readonly text: string
  /** Its characters. */
  readonly numbers: readonly number[]
  readonly writer: string
  readonly deleter: string
}

/** What was deleted since a seq; `stood`: only what had been there at that seq. */
export interface Comparison {
  readonly since: number
  readonly stood: boolean
}

const decoder = new TextDecoder('utf-16le', { ignoreBOM: true })

/** Where something was written or deleted last, in UTF-16 units, and by whom. */
export interface Act {
  readonly at: number
  readonly author: string
}

export class Moment implements Runs {
  readonly text: string
  /** What its own seq did; null where that was nothing that is seen. */
  readonly act: Act | null
  readonly length: number
  readonly struck: readonly Struck[]
  readonly runs: number
  readonly #starts: Int32Array
  /** Number of the first character of each run. */
  readonly #firsts: Int32Array

  constructor(
    readonly chronicle: Chronicle,
    readonly seq: number,
    readonly comparison: Comparison,
  ) {
    const walk = new Walk(chronicle, seq, comparison)
    this.length = walk.length
    this.runs = walk.runs
    this.#starts = walk.starts
    this.#firsts = walk.firsts
    this.struck = walk.struck
    this.act = walk.act
    this.text = decoder.decode(walk.units.subarray(0, walk.length))
  }

  runAt(index: number): number {
    let low = 0
    let high = this.runs
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#starts[middle] as number) <= index) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  start(run: number): number {
    return run < this.runs ? (this.#starts[run] as number) : this.length
  }

  client(run: number): number {
    return this.chronicle.idOf(this.#firsts[run] as number).client
  }

  clock(run: number): number {
    return this.chronicle.idOf(this.#firsts[run] as number).clock
  }

  /** Number of the character at `index`. */
  numberAt(index: number): number {
    const run = this.runAt(index)
    return (this.#firsts[run] as number) + index - this.start(run)
  }

  /** Calls `visit` for each stretch in [from, to) that came after a seq. */
  eachFresh(since: number, from: number, to: number, visit: (start: number, end: number) => void): void {
    const { born } = this.chronicle
    let open = -1
    let run = this.runAt(from)
    for (let index = from; index < to; index++) {
      if (index >= this.start(run + 1)) run++
      const fresh = (born[(this.#firsts[run] as number) + index - this.start(run)] as number) > since
      if (fresh && open < 0) open = index
      if (fresh || open < 0) continue
      visit(open, index)
      open = -1
    }
    if (open >= 0) visit(open, to)
  }
}

/** The one walk over all characters. */
class Walk {
  readonly units: Uint16Array
  starts = new Int32Array(1024)
  firsts = new Int32Array(1024)
  readonly struck: Struck[] = []
  length = 0
  runs = 0
  act: Act | null = null
  #written = ''
  #numbers: number[] = []

  constructor(
    readonly chronicle: Chronicle,
    seq: number,
    { since, stood }: Comparison,
  ) {
    const { order, born, died, units, actor, deleter, authors } = chronicle
    this.units = new Uint16Array(order.length)
    let last = -2
    for (let place = 0; place < order.length; place++) {
      const number = order[place] as number
      const came = born[number] as number
      if (came > seq) continue
      const went = died[number] as number
      if (went <= seq) {
        if (went === seq && came < seq) this.act = { at: this.length, author: authors[deleter[number] as number] as string }
        if (went > since && (!stood || came <= since)) this.#strike(number)
        continue
      }
      if (this.#numbers.length > 0) this.#close()
      this.units[this.length] = units[number] as number
      if (number !== last + 1) this.#begin(number)
      last = number
      this.length++
      if (came === seq) this.act = { at: this.length, author: authors[actor[number] as number] as string }
    }
    if (this.#numbers.length > 0) this.#close()
  }

  #begin(number: number): void {
    if (this.runs === this.starts.length) {
      this.starts = doubled(this.starts)
      this.firsts = doubled(this.firsts)
    }
    this.starts[this.runs] = this.length
    this.firsts[this.runs++] = number
  }

  /** Struck text is gathered while it is of one writer and one deleter and nothing stands between. */
  #strike(number: number): void {
    const { writer, deleter, units } = this.chronicle
    const before = this.#numbers.at(-1)
    if (before !== undefined && (writer[before] !== writer[number] || deleter[before] !== deleter[number])) this.#close()
    this.#written += String.fromCharCode(units[number] as number)
    this.#numbers.push(number)
  }

  #close(): void {
    const { writer, deleter, authors } = this.chronicle
    const first = this.#numbers[0] as number
    const named = (who: Uint16Array): string => authors[who[first] as number] as string
    this.struck.push({ at: this.length, text: this.#written, numbers: this.#numbers, writer: named(writer), deleter: named(deleter) })
    this.#written = ''
    this.#numbers = []
  }
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2)
  larger.set(array)
  return larger
}
