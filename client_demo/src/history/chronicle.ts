/**
 * All characters that an article ever had: in document order, each with the seqs in which it came and went.
 *
 * A character is its number: the place of its ID among all IDs, those of one client id following each other. Numbers are
 * given anew when later frames arrive. What is known of the characters stands in flat arrays by number, so that any moment
 * is one walk over them.
 */
import * as Y from 'yjs'
import type { IdRange } from '../idmap'
import { Ledger } from '../ledger'
import type { Range } from '../rangemap'
import type { IdRun } from './archive'
import type { Frame } from './stream'

/** The seq of what has not happened. */
export const never = 2 ** 31 - 1
/** The number of nobody among the authors. */
export const nobody = 0

interface Item {
  readonly id: { readonly client: number; readonly clock: number }
  readonly content: unknown
  readonly right: Item | null
}

export class Chronicle {
  readonly ledger = new Ledger()
  /** Author ids by number; the first is nobody's. */
  readonly authors: string[] = ['']
  /** Numbers of all characters in document order. */
  order = new Int32Array(0)
  /** By number: the seq in which a character came (or the last of the frame that is known to hold it), and in which it went. */
  born = new Int32Array(0)
  died = new Int32Array(0)
  /** By number: the UTF-16 unit, who wrote it, who put it there (another, where text was brought back), who deleted it. */
  units = new Uint16Array(0)
  writer = new Uint16Array(0)
  actor = new Uint16Array(0)
  deleter = new Uint16Array(0)
  readonly #doc = new Y.Doc({ gc: false })
  readonly #text = this.#doc.getText('content')
  readonly #numbers = new Map<string, number>([['', nobody]])
  #bases = new Map<number, number>()
  #clients: { readonly base: number; readonly client: number }[] = []
  /** Frames whose text is in the document and not in the arrays yet. */
  #unsettled: Frame[] = []

  /** Takes the next frame in time; `settle` makes it count. */
  append(frame: Frame): void {
    for (const update of frame.updates) Y.applyUpdate(this.#doc, update)
    for (const attribution of frame.attributions) this.ledger.add(attribution)
    this.#unsettled.push(frame)
  }

  settle(): void {
    this.#number()
    this.#arrange()
    for (const frame of this.#unsettled) this.stamp(frame)
    this.#unsettled = []
  }

  /** Writes down when the characters of a frame came and went; a finer frame says it more exactly. */
  stamp({ until, attributions }: Frame): void {
    for (const { inserts, deletes } of attributions) {
      for (const range of inserts) this.#write(range, until)
      for (const { attributes, ...range } of deletes) {
        this.#fill(this.died, range, until)
        this.#fill(this.deleter, range, this.#numberOf(String(attributes['delete'] ?? '')))
      }
    }
  }

  /** The ID of a character. */
  idOf(number: number): { client: number; clock: number } {
    let low = 0
    for (let high = this.#clients.length; high - low > 1; ) {
      const middle = (low + high) >>> 1
      if ((this.#clients[middle] as { base: number }).base <= number) low = middle
      else high = middle
    }
    const { base, client } = this.#clients[low] as { base: number; client: number }
    return { client, clock: number - base }
  }

  /** Characters as runs of IDs, as they are told to the server. */
  runsOf(numbers: readonly number[]): IdRun[] {
    const runs: [client: number, clock: number, length: number][] = []
    numbers.forEach((number, at) => {
      const last = runs.at(-1)
      const { client, clock } = this.idOf(number)
      if (last !== undefined && number === (numbers[at - 1] as number) + 1) last[2]++
      else runs.push([client, clock, 1])
    })
    return runs
  }

  /** The number of an author, undefined for somebody who did nothing here. */
  numberOf(author: string): number | undefined {
    return this.#numbers.get(author)
  }

  close(): void {
    this.#doc.destroy()
  }

  #write({ attributes, ...range }: IdRange, seq: number): void {
    const { insert, carriedBy } = attributes
    this.#fill(this.born, range, seq)
    this.#fill(this.writer, range, this.#numberOf(String(insert ?? '')))
    this.#fill(this.actor, range, this.#numberOf(String(carriedBy ?? insert ?? '')))
  }

  #fill(array: Int32Array | Uint16Array, { client, clock, length }: Range, value: number): void {
    const base = this.#bases.get(client)
    if (base !== undefined) array.fill(value, base + clock, base + clock + length)
  }

  #numberOf(author: string): number {
    const known = this.#numbers.get(author) ?? this.authors.push(author) - 1
    this.#numbers.set(author, known)
    return known
  }

  /** Gives every ID its number; between two clients one is left out, so that neighbours in number are of one client. */
  #number(): void {
    const bases = new Map<number, number>()
    let size = 0
    for (const client of [...this.#doc.store.clients.keys()].sort((a, b) => a - b)) {
      bases.set(client, size)
      size += Y.getState(this.#doc.store, client) + 1
    }
    const moved = <T extends Int32Array | Uint16Array>(old: T, fresh: T): T => {
      this.#clients.forEach(({ base, client }, at) => {
        const end = (this.#clients[at + 1]?.base ?? old.length + 1) - 1
        fresh.set(old.subarray(base, Math.min(end, old.length)), bases.get(client))
      })
      return fresh
    }
    this.born = moved(this.born, new Int32Array(size).fill(never))
    this.died = moved(this.died, new Int32Array(size).fill(never))
    this.units = moved(this.units, new Uint16Array(size))
    this.writer = moved(this.writer, new Uint16Array(size))
    this.actor = moved(this.actor, new Uint16Array(size))
    this.deleter = moved(this.deleter, new Uint16Array(size))
    this.#bases = bases
    this.#clients = [...bases].map(([client, base]) => ({ client, base }))
  }

  /** Walks the text once: the order of its characters, and what they are. */
  #arrange(): void {
    const order = new Int32Array(this.born.length)
    let count = 0
    for (let item = (this.#text as unknown as { _start: Item | null })._start; item !== null; item = item.right) {
      if (!(item.content instanceof Y.ContentString)) continue
      const { str } = item.content
      const first = (this.#bases.get(item.id.client) ?? 0) + item.id.clock
      for (let unit = 0; unit < str.length; unit++) {
        this.units[first + unit] = str.charCodeAt(unit)
        order[count++] = first + unit
      }
    }
    this.order = order.subarray(0, count)
  }
}
