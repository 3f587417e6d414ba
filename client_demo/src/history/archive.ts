/** What the server tells of an article's past, and what it can be asked to bring back. */
import { answer, ask, type Author } from '../api'
import { StreamReader, type Frame, type Header } from './stream'

export interface Revision {
  readonly number: number
  readonly seq: number
  readonly at: string
  /** Empty where the server made it by itself. */
  readonly label: string
  readonly note: string
  readonly made_by: Author | null
  readonly reason: string
  /** Which derivations of it differed; null when they agreed. */
  readonly doubt: string | null
  readonly authors: readonly Share[]
}

/** What somebody did since the revision before, in code points. */
export interface Share extends Author {
  readonly inserted: number
  readonly deleted: number
}

/** A run of IDs: client id, clock, how many UTF-16 units. */
export type IdRun = readonly [client: number, clock: number, length: number]

/** A passage that was deleted in one go. */
export interface Deletion {
  readonly ids: readonly IdRun[]
  readonly text: string
  readonly spans: readonly { readonly start: number; readonly length: number; readonly author: string }[]
  readonly deleted_by: string
  readonly deleted_at: string
  readonly length: number
}

/** What to bring back. */
export type Wish = { readonly revision: number; readonly section?: string } | { readonly passage: readonly IdRun[] }

export interface Page<T> {
  readonly rows: readonly T[]
  readonly next: string | null
}

/** A passage of fewer characters is a mistyped word, and not told. */
const leastTold = 3

export class Archive {
  readonly #path: string

  constructor(
    slug: string,
    readonly token: string | null,
  ) {
    this.#path = `/articles/${encodeURIComponent(slug)}`
  }

  /** Reads the rows after < seq <= until in at most so many frames; `take` gets them as they arrive, and is waited for. */
  async history(after: number, until: number | null, frames: number, take: (frames: Frame[], header: Header) => Promise<void> | void, signal?: AbortSignal): Promise<Header> {
    const upTo = until === null ? '' : `&until=${until}`
    const { body } = await answer('GET', `${this.#path}/history?after=${after}${upTo}&frames=${frames}`, this.token, undefined, signal)
    const reader = new StreamReader()
    let count = 0
    for (const source = (body as ReadableStream<Uint8Array>).getReader(); ; ) {
      const { done, value } = await source.read()
      if (done) break
      const whole = reader.push(value)
      count += whole.length
      if (reader.header !== null && whole.length > 0) await take(whole, reader.header)
    }
    if (reader.header === null || count < reader.header.frames) throw new Error('The history broke off. Try again.')
    return reader.header
  }

  /** Revisions, newest first. */
  async revisions(after: string | null): Promise<Page<Revision>> {
    const told = (await ask('GET', `${this.#path}/revisions?limit=50${following(after)}`, this.token)) as { revisions: Revision[]; next: string | null }
    return { rows: told.revisions, next: told.next }
  }

  /** Deleted passages, newest first. */
  async deletions(after: string | null): Promise<Page<Deletion> & { readonly authors: Readonly<Record<string, Author>> }> {
    const told = (await ask('GET', `${this.#path}/deletions?limit=20&least=${leastTold}${following(after)}`, this.token)) as { deletions: Deletion[]; authors: Record<string, Author>; next: string | null }
    return { rows: told.deletions, authors: told.authors, next: told.next }
  }

  /** Gives the article as it was after a seq a name; null: as it is. */
  async name(label: string, note: string, seq: number | null): Promise<Revision> {
    return (await ask('POST', `${this.#path}/revisions`, this.token, { label, note, seq })) as Revision
  }

  /** Brings something back, and gives the seq of the edit that did. */
  async restore(wish: Wish): Promise<number> {
    const { seq } = (await ask('POST', `${this.#path}/restore`, this.token, wish)) as { seq: number }
    return seq
  }
}

function following(after: string | null): string {
  return after === null ? '' : `&after=${encodeURIComponent(after)}`
}
