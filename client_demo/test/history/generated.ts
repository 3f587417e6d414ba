/** A history as the server would tell it, made here: several authors type, delete and paste, row by row. */
import * as Y from 'yjs'
import { attributionOf } from '../page'
import { Chronicle } from '../../src/history/chronicle'
import { Course } from '../../src/history/course'
import type { Frame } from '../../src/history/stream'

export interface Row {
  readonly author: string
  readonly at: number
  readonly update: Uint8Array
  /** Who wrote it, where the author only brought it back. */
  readonly writer?: string
}

export class Author {
  constructor(
    readonly history: GeneratedHistory,
    readonly name: string,
    readonly client: number,
  ) {}

  edit(change: (text: Y.Text) => void): void {
    this.history.record(this, change)
  }

  /** Brings back what another wrote. */
  carry(writer: string, change: (text: Y.Text) => void): void {
    this.history.record(this, change, writer)
  }
}

/** All rows, and the text after each. */
export class GeneratedHistory {
  readonly rows: Row[] = []
  readonly texts: string[] = ['']
  readonly #doc = new Y.Doc({ gc: false })
  #at = Date.UTC(2026, 0, 1)

  constructor(readonly keepsTexts = true) {}

  author(name: string): Author {
    return new Author(this, name, 1 + [...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7))
  }

  pause(ms: number): void {
    this.#at += ms
  }

  record({ name, client }: Author, change: (text: Y.Text) => void, writer?: string): void {
    this.#doc.clientID = client
    const updates: Uint8Array[] = []
    const note = (update: Uint8Array): void => void updates.push(update)
    this.#doc.on('update', note)
    this.#doc.transact(() => change(this.#doc.getText('content')))
    this.#doc.off('update', note)
    this.#at += 100
    for (const update of updates) this.rows.push({ author: name, at: this.#at, update, ...(writer === undefined ? {} : { writer }) })
    if (this.keepsTexts) this.texts.push(this.#doc.getText('content').toString())
  }

  /** The rows after < seq <= until in frames of so many rows. */
  frames(size: number, after = 0, until = this.rows.length): Frame[] {
    const frames: Frame[] = []
    for (let from = after; from < until; from += size) frames.push(this.#frame(from, Math.min(until, from + size)))
    return frames
  }

  #frame(after: number, until: number): Frame {
    const rows = this.rows.slice(after, until)
    return {
      after,
      until,
      since: rows[0]?.at ?? 0,
      at: rows.at(-1)?.at ?? 0,
      authors: [...new Set(rows.map(({ author }) => author))].sort(),
      attributions: rows.map(({ update, author, at, writer }) => (writer === undefined ? attributionOf(update, author, at) : attributionOf(update, writer, at, author))),
      updates: rows.map(({ update }) => update),
    }
  }
}

/** What a page knows that was told this history in frames of so many rows. */
export function told(history: GeneratedHistory, size = 1): { chronicle: Chronicle; course: Course } {
  const [chronicle, course] = [new Chronicle(), new Course()]
  for (const frame of history.frames(size)) {
    chronicle.append(frame)
    course.append(frame)
  }
  chronicle.settle()
  return { chronicle, course }
}

/** Numbers below a bound, the same ones for the same seed. */
export function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => (state = (state * 48271) % 2147483647) % below
}

/** So many edits by three authors: runs of typing at random places, deletions, the odd paste. */
export function randomHistory(edits: number, seed: number, keepsTexts = true): GeneratedHistory {
  const history = new GeneratedHistory(keepsTexts)
  const random = seeded(seed)
  const authors = ['ada', 'bruno', 'chen'].map((name) => history.author(name))
  let [at, who] = [0, 0]
  for (let edit = 0; edit < edits; edit++) {
    if (random(40) === 0) [at, who] = [random(1 << 20), random(3)]
    authors[who]?.edit((text) => {
      at = Math.min(at, text.length)
      const kind = random(100)
      if (kind < 12 && at > 0) text.delete((at -= Math.min(at, 1 + random(kind < 2 ? 30 : 3))), Math.min(3, text.length - at))
      else if (kind === 99) text.insert(at, 'a pasted passage 🧬 with some length. '.repeat(1 + random(3)))
      else text.insert(at++, 'etaoin shrdlu\n'[random(14)] as string)
    })
    if (random(200) === 0) history.pause(60_000 * random(600))
  }
  return history
}
