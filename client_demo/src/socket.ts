/** The article's socket: y-websocket, with the server's attribution and refusals read beside it. */
import * as decoding from 'lib0/decoding'
import { WebsocketProvider } from 'y-websocket'
import type * as Y from 'yjs'
import { readInBatches } from './batches'
import { readAttribution, type Attribution } from './ledger'
import { Signal } from './signal'

/** Message types beyond sync and awareness. */
const refusalType = 2
const attributionType = 80

export class Socket {
  /** The first attribution of a connection is the whole ledger. */
  readonly attributed = new Signal<{ attribution: Attribution; whole: boolean }>()
  readonly refused = new Signal<string>()
  readonly changed = new Signal()
  /** A batch of messages is about to be read. */
  readonly reading = new Signal()
  /** A batch of messages has been read, and the document has them. */
  readonly read = new Signal()
  /** A connection was refused or lost before it opened; browsers do not say why. */
  readonly unopened = new Signal()
  readonly #provider: WebsocketProvider
  readonly #endReading: () => void
  /** What is to be said when the document agrees with what was read. */
  #news: (() => void)[] = []
  #whole = true

  constructor(address: string, slug: string, doc: Y.Doc, token: string | null) {
    const params: Record<string, string> = { attribution: '1', ...(token === null ? {} : { token }) }
    this.#provider = new WebsocketProvider(address, encodeURIComponent(slug), doc, { params, disableBc: true, connect: false })
    this.#listen()
    tellOnlyOwnPresence(this.#provider)
    this.#endReading = readInBatches(this.#provider, () => this.reading.emit(), () => this.#tell())
    window.addEventListener('offline', this.#reconnect)
    window.addEventListener('online', this.#reconnect)
  }

  get awareness(): WebsocketProvider['awareness'] {
    return this.#provider.awareness
  }

  get connected(): boolean {
    return this.#provider.wsconnected
  }

  get synced(): boolean {
    return this.#provider.synced
  }

  /** True for transactions that brought the server's text. */
  isOrigin(origin: unknown): boolean {
    return origin === this.#provider
  }

  connect(): void {
    this.#provider.connect()
  }

  disconnect(): void {
    this.#provider.disconnect()
  }

  close(): void {
    window.removeEventListener('offline', this.#reconnect)
    window.removeEventListener('online', this.#reconnect)
    this.#endReading()
    this.#provider.destroy()
  }

  #listen(): void {
    const provider = this.#provider
    provider.messageHandlers[refusalType] = (_encoder, decoder) => this.#readRefusal(decoder)
    provider.messageHandlers[attributionType] = (_encoder, decoder) => this.#readAttribution(decoder)
    provider.on('status', ({ status }: { status: string }) => {
      if (status === 'connected') this.#whole = true
      this.changed.emit()
    })
    provider.on('sync', () => this.#news.push(() => this.changed.emit()))
    provider.on('connection-error', () => this.unopened.emit())
    provider.on('closed', ({ code, reason }: { code: number; reason: string }) => {
      this.refused.emit(reason === '' ? `${code === 4401 ? 'expired-token' : 'refused'}: The server closed this connection (${code}).` : reason)
    })
  }

  #tell(): void {
    const news = this.#news
    this.#news = []
    for (const tell of news) tell()
    this.read.emit()
  }

  /** The network came or went: ask at once instead of waiting for a silence. */
  readonly #reconnect = (): void => {
    if (!this.#provider.shouldConnect) return
    this.#provider.disconnect()
    this.#provider.connect()
  }

  #readRefusal(decoder: decoding.Decoder): void {
    decoding.readVarUint(decoder)
    const reason = decoding.readVarString(decoder)
    this.#news.push(() => this.refused.emit(reason))
  }

  #readAttribution(decoder: decoding.Decoder): void {
    const seq = decoding.readVarUint(decoder)
    const inserts = decoding.readVarUint8Array(decoder)
    const deletes = decoding.readVarUint8Array(decoder)
    const attribution = readAttribution(seq, inserts, deletes, decoding.readVarString(decoder))
    this.attributed.emit({ attribution, whole: this.#whole })
    this.#whole = false
  }
}

/** y-websocket sends on whatever it hears of others; with a hundred people here that is most of what a page would send. */
function tellOnlyOwnPresence({ awareness, _awarenessUpdateHandler: tell }: WebsocketProvider): void {
  awareness.off('update', tell)
  awareness.on('update', (change: Record<'added' | 'updated' | 'removed', number[]>, origin: unknown) => {
    const own = [...change.added, ...change.updated, ...change.removed].filter((client) => client === awareness.clientID)
    if (own.length > 0) tell({ added: [], updated: own, removed: [] }, origin)
  })
}
