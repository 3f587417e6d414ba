/** The local store: one for each person and article, so that text typed offline survives a reload. */
import { IndexeddbPersistence } from 'y-indexeddb'
import type * as Y from 'yjs'
import type { KeptLedger } from './ledger'

/** What is kept beside the text. */
export interface KeptPage {
  readonly title: string
  readonly ledger: KeptLedger
}

/** Without an answer from the browser by then, the page goes on without a store. */
const patience = 3000

export class Store {
  readonly #text: IndexeddbPersistence

  constructor(author: string, slug: string, doc: Y.Doc) {
    this.#text = new IndexeddbPersistence(`palimpsest/${author}/${slug}`, doc)
  }

  /** Resolves when what was kept is in the document; false when this browser keeps nothing. */
  async opened(): Promise<boolean> {
    const tooLong = new Promise<boolean>((resolve) => setTimeout(resolve, patience, false))
    const failed = this.#text._db.then(() => new Promise<boolean>(() => undefined), () => false)
    return Promise.race([this.#text.whenSynced.then(() => true), tooLong, failed])
  }

  async page(): Promise<KeptPage | null> {
    return ((await this.#text.get('page-1')) as KeptPage | undefined) ?? null
  }

  async keepPage(page: KeptPage): Promise<void> {
    const { db } = this.#text
    if (db === null) return
    const copied = db.transaction('custom', 'readwrite').objectStore('custom').put(page, 'page-1') // copies the page now
    await new Promise((resolve) => (copied.onsuccess = copied.onerror = resolve))
  }

  /** Whether what the document has now was written down; resolves when the browser says so. */
  async written(): Promise<boolean> {
    const { db } = this.#text
    if (db === null) return false
    const after = db.transaction('updates', 'readwrite') // a database writes in turn: this one begins when all before are done
    return new Promise((resolve) => {
      after.oncomplete = () => resolve(true)
      after.onabort = () => resolve(false)
    })
  }

  /** Forgets this article: its text, its ledger, its unsent changes. */
  async clear(): Promise<void> {
    await this.#text.clearData()
  }

  close(): void {
    void this.#text.destroy()
  }
}
