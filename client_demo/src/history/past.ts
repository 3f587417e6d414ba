/** The whole past of one article in this tab: loaded once, made finer where somebody looks closely. */
import { Signal } from '../signal'
import type { Archive } from './archive'
import { Chronicle, never } from './chronicle'
import { Course, type Leg } from './course'
import { Moment, type Comparison } from './moment'
import type { Frame, Header } from './stream'

/** How many frames the first look is made of: as many as the server gives without putting several into one. */
const coarse = 1024
/** A range of so many rows is told row by row. */
const exactly = 512
/** Frames are taken in for so many ms, then the page has a turn. */
const slice = 12

export class Past {
  readonly chronicle = new Chronicle()
  readonly course = new Course()
  /** How much of it is here, from 0 to 1. */
  readonly progress = new Signal<number>()
  /** There are later rows than before. */
  readonly grown = new Signal()
  /** When exactly something happened is known now. */
  readonly refined = new Signal()
  readonly #refining = new Map<number, Promise<void>>()
  readonly #ending = new AbortController()
  #loading: Promise<void> | null = null

  constructor(readonly archive: Pick<Archive, 'history'>) {}

  get head(): number {
    return this.course.head
  }

  /** Loads what happened since it was last loaded. */
  load(): Promise<void> {
    this.#loading ??= this.#load().finally(() => (this.#loading = null))
    return this.#loading
  }

  moment(seq: number, comparison: Comparison = { since: never, stood: false }): Moment {
    return new Moment(this.chronicle, seq, comparison)
  }

  /** Learns when exactly everything around a seq happened; at once when that is known. */
  async refine(seq: number): Promise<void> {
    let coarser: Leg | null = null
    for (let leg = this.course.legOf(seq); leg !== null && leg.until - leg.after > 1; leg = this.course.legOf(seq)) {
      if (leg.after === coarser?.after && leg.until === coarser.until) throw new Error('The server does not tell this more exactly.')
      coarser = leg
      await this.#refine(leg)
    }
  }

  close(): void {
    this.#ending.abort()
    this.chronicle.close()
  }

  async #load(): Promise<void> {
    const before = this.head
    const fresh: Frame[] = []
    const take = async (frames: readonly Frame[], { after, until }: Header): Promise<void> => {
      await inSlices(frames, (frame) => this.chronicle.append(frame))
      fresh.push(...frames)
      this.progress.emit(((frames.at(-1)?.until ?? after) - after) / Math.max(1, until - after))
    }
    await this.archive.history(before, null, coarse, take, this.#ending.signal)
    if (fresh.length === 0) return
    this.chronicle.settle()
    for (const frame of fresh) this.course.append(frame)
    this.grown.emit()
  }

  #refine(leg: Leg): Promise<void> {
    const under = this.#refining.get(leg.after) ?? this.#ask(leg).finally(() => this.#refining.delete(leg.after))
    this.#refining.set(leg.after, under)
    return under
  }

  async #ask({ after, until }: Leg): Promise<void> {
    const finer: Frame[] = []
    await this.archive.history(after, until, exactly, (frames) => void finer.push(...frames), this.#ending.signal)
    await this.#loading
    for (const frame of finer) this.chronicle.stamp(frame)
    this.course.refine(finer)
    this.refined.emit()
  }
}

async function inSlices<T>(all: readonly T[], work: (one: T) => void): Promise<void> {
  let begun = performance.now()
  for (const one of all) {
    work(one)
    if (performance.now() - begun < slice) continue
    await new Promise((resolve) => setTimeout(resolve))
    begun = performance.now()
  }
}
