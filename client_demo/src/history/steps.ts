/** Which edits concern an author or a section: where one stops when one steps through them. */
import { never, type Chronicle } from './chronicle'
import type { Moment } from './moment'
import type { Past } from './past'

/** A part of the text by the characters that ever stood in it; by number, 1 for those. */
export type Section = Uint8Array

/** What is looked at; null: all. */
export interface Lens {
  readonly author: string | null
  readonly section: Section | null
}

/** What stands, stood and will stand between two characters of a moment. */
export function sectionOf(chronicle: Chronicle, moment: Moment, from: number, to: number): Section {
  const mask = new Uint8Array(chronicle.born.length)
  const first = from < moment.length ? moment.numberAt(from) : never
  const end = to < moment.length ? moment.numberAt(to) : never
  let inside = false
  for (const number of chronicle.order) {
    if (number === end) break
    inside ||= number === first
    if (inside) mask[number] = 1
  }
  return mask
}

/** The seqs in which something of it was written or deleted, in order; as exact as the chronicle is. */
export function stepsOf(chronicle: Chronicle, { author, section }: Lens, head: number): number[] {
  const { order, born, died, actor, deleter } = chronicle
  const wanted = author === null ? null : (chronicle.numberOf(author) ?? -1)
  const touched = new Uint8Array(head + 1)
  for (const number of order) {
    if (section !== null && section[number] !== 1) continue
    const [came, went] = [born[number] as number, died[number] as number]
    if (came <= head && (wanted === null || actor[number] === wanted)) touched[came] = 1
    if (went <= head && (wanted === null || deleter[number] === wanted)) touched[went] = 1
  }
  const steps: number[] = []
  for (let seq = touched.indexOf(1); seq >= 0; seq = touched.indexOf(1, seq + 1)) steps.push(seq)
  return steps
}

/** Where one stops next. */
export class Stops {
  #known: { readonly version: number; readonly lens: Lens; readonly steps: readonly number[] } | null = null

  constructor(readonly past: Past) {}

  /** The next seq that the lens shows, or the one before; null when there is none. */
  next(from: number, by: 1 | -1, lens: Lens): number | null {
    const all = lens.author === null && lens.section === null
    const next = all ? from + by : by > 0 ? this.#steps(lens).find((seq) => seq > from) : this.#steps(lens).findLast((seq) => seq < from)
    return next === undefined || next < 0 || next > this.past.head ? null : next
  }

  #steps(lens: Lens): readonly number[] {
    const { chronicle, course, head } = this.past
    if (this.#known?.version !== course.version || this.#known.lens !== lens) this.#known = { version: course.version, lens, steps: stepsOf(chronicle, lens, head) }
    return this.#known.steps
  }
}
