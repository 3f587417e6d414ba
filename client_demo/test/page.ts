/** A server in a few lines for tests: it stores what one replica sends and says who wrote it. */
import * as Y from 'yjs'
import type { Attribution } from '../src/ledger'
import { Ledger } from '../src/ledger'
import { Order } from '../src/order'

export class Page {
  readonly doc = new Y.Doc()
  readonly text = this.doc.getText('content')
  readonly ledger = new Ledger()
  readonly order = new Order(this.text)

  constructor() {
    this.text.observe(() => this.order.invalidate())
  }

  /** Lets somebody change the text from a replica of their own, and stores it in their name. */
  edit(author: string, client: number, change: (text: Y.Text) => void, at = 0, carriedBy?: string): void {
    const own = new Y.Doc()
    Y.applyUpdate(own, Y.encodeStateAsUpdate(this.doc))
    own.clientID = client
    const before = Y.encodeStateVector(own)
    change(own.getText('content'))
    const update = Y.encodeStateAsUpdate(own, before)
    Y.applyUpdate(this.doc, update)
    this.ledger.add(attributionOf(update, author, at, carriedBy))
  }
}

export function attributionOf(update: Uint8Array, author: string, at = 0, carriedBy?: string): Attribution {
  const { structs, ds } = Y.decodeUpdate(update)
  const carried = carriedBy === undefined ? {} : { carriedBy, carriedAt: at }
  const inserts = structs.map(({ id, length }) => ({ ...id, length, attributes: { insert: author, insertAt: at, ...carried } }))
  const deletes = [...ds.clients].flatMap(([client, items]) => items.map(({ clock, len }) => ({ client, clock, length: len, attributes: { delete: author, deleteAt: at } })))
  return { seq: 1, inserts, deletes, people: { [author]: { name: author, colour: '#808080' } } }
}
