/** What was changed here and has not come back from the server as stored. */
import * as Y from 'yjs'
import type { Ledger } from './ledger'
import type { Range } from './rangemap'

export class Receipts {
  #inserts: Range[] = []
  #deletes: Range[] = []

  /** Characters written here plus characters deleted here (UTF-16 units) that the server has not stored yet. */
  get pending(): number {
    const units = (ranges: readonly Range[]): number => ranges.reduce((sum, { length }) => sum + length, 0)
    return units(this.#inserts) + units(this.#deletes)
  }

  /** Takes note of a transaction made here. */
  expect(transaction: Y.Transaction, ledger: Ledger): void {
    for (const [client, after] of transaction.afterState) {
      const clock = transaction.beforeState.get(client) ?? 0
      if (after > clock) this.#insert({ client, clock, length: after - clock }, ledger)
    }
    for (const range of deletionsIn(transaction.deleteSet)) this.#delete(range, ledger)
  }

  /** Compares the whole document with the ledger: the truth after a reload, a reconnection, a restored store. */
  recount(doc: Y.Doc, ledger: Ledger): void {
    this.#inserts = []
    this.#deletes = []
    for (const [client, length] of Y.decodeStateVector(Y.encodeStateVector(doc))) this.#insert({ client, clock: 0, length }, ledger)
    for (const range of deletionsIn(Y.createDeleteSetFromStructStore(doc.store))) this.#delete(range, ledger)
  }

  /** Strikes out what the ledger now knows. */
  settle(ledger: Ledger): void {
    this.#inserts = this.#inserts.flatMap((range) => ledger.unwritten(range))
    this.#deletes = this.#deletes.flatMap((range) => ledger.undeleted(range))
  }

  #insert(range: Range, ledger: Ledger): void {
    for (const gap of ledger.unwritten(range)) append(this.#inserts, gap)
  }

  #delete(range: Range, ledger: Ledger): void {
    for (const gap of ledger.undeleted(range)) append(this.#deletes, gap)
  }
}

function* deletionsIn(set: { clients: Map<number, { clock: number; len: number }[]> }): IterableIterator<Range> {
  for (const [client, items] of set.clients) {
    for (const { clock, len } of items) yield { client, clock, length: len }
  }
}

/** Typing makes one range of many. */
function append(ranges: Range[], range: Range): void {
  const last = ranges.at(-1)
  if (last?.client === range.client && last.clock + last.length === range.clock) {
    ranges[ranges.length - 1] = { ...last, length: last.length + range.length }
  } else ranges.push(range)
}
