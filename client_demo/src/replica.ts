/** One replica of an article in this tab: its text, the ledger of who wrote it, and what is not stored yet. */
import * as Y from 'yjs'
import type { Identity } from './api'
import { later } from './later'
import { Ledger, type Attribution } from './ledger'
import { Order, type Edit } from './order'
import { showStrangers } from './plaintext'
import { Receipts } from './receipts'
import { Signal } from './signal'
import { Socket } from './socket'
import type { Keeping } from './stateline'
import { Store } from './store'

/** How soon after a change the ledger is kept, in ms. */
const keepPause = 200

export class Replica {
  readonly doc = new Y.Doc()
  readonly text = this.doc.getText('content')
  readonly order = new Order(this.text)
  readonly ledger = new Ledger()
  readonly socket: Socket
  /** The ledger says more, or something else, than before. */
  readonly attributed = new Signal()
  /** The standing may have changed: connection, receipts. */
  readonly changed = new Signal()
  /** The server has stored something, and nothing of this page waits for it. */
  readonly stored = new Signal()
  /** Whether the browser has written down what waits here; asked while the server cannot be reached. */
  keeping: Keeping = 'keeping'
  title = ''
  /** The last seq that the server has told of. */
  seq = 0
  /** The text is here, from the server or from an earlier visit. */
  known = false
  readonly #receipts = new Receipts()
  readonly #store: Store | null
  /** Where the clock of this replica stood before and after the latest transaction. */
  #clock = { before: 0, after: 0 }
  /** The ledger has learnt something that nobody was told of yet. */
  #learnt = false
  readonly #keepLater = later(() => void this.keep(), keepPause)
  #closed = false
  #asked = 0

  constructor(address: string, slug: string, identity: Identity | null) {
    this.#store = identity === null ? null : new Store(identity.author.id, slug, this.doc)
    this.socket = new Socket(address, slug, this.doc, identity?.token ?? null)
    this.text.observe((_event, transaction) => this.#disorder(transaction))
    showStrangers(this.text)
    this.doc.on('afterTransaction', (transaction: Y.Transaction) => this.#note(transaction))
    this.socket.attributed.on(({ attribution, whole }) => this.#attribute(attribution, whole))
    this.socket.read.on(() => this.#tellAttributed())
    this.socket.changed.on(() => {
      this.known ||= this.socket.synced
      this.changed.emit()
      this.#confirm()
    })
    this.doc.on('update', (_update: Uint8Array, origin: unknown) => {
      if (!this.socket.isOrigin(origin)) this.#confirm()
    })
  }

  /** Characters written or deleted here that the server has not stored. */
  get pending(): number {
    return this.#receipts.pending
  }

  /** Brings what was kept here into the document, then connects. */
  async open(): Promise<void> {
    const kept = (await this.#store?.opened()) === true ? await this.#store?.page() : null
    if (kept) {
      this.title ||= kept.title
      this.ledger.restore(kept.ledger)
      this.known = true
    }
    this.#receipts.recount(this.doc, this.ledger)
    this.attributed.emit()
    this.changed.emit()
    this.socket.connect()
  }

  /** Brings the order up to date with what was just typed; formatted text takes more clocks than units and is walked instead. */
  followTyping(edits: readonly Edit[]): void {
    const { before, after } = this.#clock
    const units = edits.reduce((sum, { inserted }) => sum + inserted, 0)
    if (after - before === units) this.order.follow(edits, this.doc.clientID, before)
  }

  /** Keeps the ledger and the title beside the text. */
  async keep(): Promise<void> {
    if (!this.#closed) await this.#store?.keepPage({ title: this.title, ledger: this.ledger.keep() })
  }

  async forget(): Promise<void> {
    this.socket.disconnect()
    await this.#store?.clear()
  }

  close(): void {
    this.#closed = true
    this.socket.close()
    this.#store?.close()
    this.doc.destroy()
  }

  /** Asks whether the browser has written down what is here: the store has been given it by now. */
  #confirm(): void {
    const number = ++this.#asked
    if (this.socket.connected || this.pending === 0) return
    this.keeping = 'keeping'
    void (this.#store?.written() ?? Promise.resolve(false)).then((written) => {
      if (number !== this.#asked) return
      this.keeping = written ? 'kept' : 'unkept'
      this.changed.emit()
    })
  }

  #disorder({ beforeState, afterState }: Y.Transaction): void {
    const { clientID } = this.doc
    const before = beforeState.get(clientID) ?? 0
    this.#clock = { before, after: afterState.get(clientID) ?? before }
    this.order.invalidate()
  }

  #note(transaction: Y.Transaction): void {
    if (this.socket.isOrigin(transaction.origin)) return
    this.#receipts.expect(transaction, this.ledger)
    this.changed.emit()
  }

  #attribute(attribution: Attribution, whole: boolean): void {
    if (whole) this.ledger.forget()
    this.ledger.add(attribution)
    this.seq = Math.max(this.seq, attribution.seq)
    if (whole) this.#receipts.recount(this.doc, this.ledger)
    else this.#receipts.settle(this.ledger)
    this.#learnt = true
  }

  /** Waits until the text that the ledger speaks of is here, too. */
  #tellAttributed(): void {
    if (!this.#learnt) return
    this.#learnt = false
    this.#keepLater()
    this.attributed.emit()
    this.changed.emit()
    if (this.socket.synced && this.pending === 0) this.stored.emit()
  }
}
