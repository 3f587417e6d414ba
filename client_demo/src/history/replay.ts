/** Somebody looking at the past: at which moment, compared with what, through which lens. */
import { Signal } from '../signal'
import type { Moment } from './moment'
import { Pace } from './pace'
import type { Past } from './past'
import { Player } from './player'
import { Stops, type Lens } from './steps'
import { comparisonAt } from './trail'

const bigStep = 1 / 40 // of the whole
/** What is asked for and not here after so many ms is shown as nearly as it is known. */
const soonEnough = 80
/** A leg that lasts longer than so many ms on screen is asked for row by row. */
const patience = 300

export class Replay {
  /** Another moment is shown. */
  readonly shown = new Signal<Moment>()
  /** Something else is wanted: the lens, the pauses, what is struck. */
  readonly changed = new Signal()
  /** It stays where it is for now. */
  readonly rested = new Signal()
  /** A step or a leap could not be told exactly: the server did not answer. */
  readonly failed = new Signal<unknown>()
  readonly player = new Player((by) => this.#advance(by), () => this.pace.total)
  moment: Moment
  lens: Lens = { author: null, section: null }
  /** The seq since which everything is shown; null: only what was just deleted. */
  compared: number | null = null
  striking = true
  /** The page turns to where something happens. */
  following = true
  /** What is shown now was not asked for: the page stays where it is. */
  unasked = false
  #skipping = true
  #pace: { readonly version: number; readonly value: Pace } | null = null
  #axis: Pace | null = null
  readonly #stops: Stops
  /** In ms of play time. */
  #time = 0
  #wish = 0

  constructor(readonly past: Past) {
    this.moment = past.moment(0)
    this.#stops = new Stops(past)
    past.refined.on(() => (this.#time = this.pace.reached(this.seq)))
    past.grown.on(() => this.#grow())
  }

  get seq(): number {
    return this.moment.seq
  }

  get skipping(): boolean {
    return this.#skipping
  }

  get pace(): Pace {
    const { course } = this.past
    if (this.#pace?.version !== course.version) this.#pace = { version: course.version, value: new Pace(course.legs, this.#skipping) }
    return this.#pace.value
  }

  /** What is drawn over time keeps its place when some of it is known more finely. */
  get axis(): Pace {
    this.#axis ??= new Pace(this.past.course.broad, this.#skipping)
    return this.#axis
  }

  skip(pauses: boolean): void {
    this.#skipping = pauses
    this.#pace = this.#axis = null
    this.#time = this.pace.reached(this.seq)
    this.changed.emit()
  }

  look(lens: Lens): void {
    this.lens = lens
    this.changed.emit()
  }

  compare(since: number | null): void {
    this.compared = since
    this.changed.emit()
    this.#show(this.seq)
  }

  strike(on: boolean): void {
    this.striking = on
    this.changed.emit()
    this.#show(this.seq)
  }

  /** Shows what is known around a seq at once: while one drags along. */
  scrub(seq: number): void {
    this.player.pause()
    this.#wish++
    this.#stand(this.past.course.floor(seq))
  }

  /** Shows the article after exactly this seq, as soon as that is known. */
  async go(seq: number): Promise<void> {
    const wanted = Math.max(0, Math.min(this.past.head, Math.floor(seq)))
    const wish = ++this.#wish
    this.player.pause()
    if (!this.past.course.stopsAt(wanted)) {
      const near = setTimeout(() => wish === this.#wish && this.#stand(this.past.course.floor(wanted)), soonEnough)
      await this.#learnt(wanted)
      clearTimeout(near)
      if (wish !== this.#wish) return
    }
    this.#stand(this.past.course.floor(wanted))
    this.rested.emit()
  }

  /** Shows the present, where somebody is who looks at nothing else. */
  keepUp(): void {
    this.unasked = true
    this.#stand(this.past.head)
    this.unasked = false
  }

  /** To the next edit, or the one before, that the lens shows. */
  async step(by: 1 | -1): Promise<void> {
    this.player.pause()
    const from = this.seq
    const wish = ++this.#wish
    const next = this.#stops.next(from, by, this.lens)
    if (next === null || !(await this.#learnt(next)) || wish !== this.#wish) return
    await this.go(this.#stops.next(from, by, this.lens) ?? next)
  }

  async stride(by: 1 | -1): Promise<void> {
    const { pace } = this
    const seq = pace.seqAt(Math.max(0, pace.reached(this.seq) + by * bigStep * pace.total))
    await this.go(by > 0 ? Math.max(seq, this.seq + 1) : Math.min(seq, this.seq - 1))
  }

  toggle(): void {
    const { player } = this
    if (player.playing) {
      player.pause()
      this.rested.emit()
      return
    }
    if (this.seq >= this.past.head) this.#stand(0)
    this.#time = this.pace.reached(this.seq)
    player.play()
  }

  #advance(by: number): boolean {
    const { pace, past } = this
    this.#time = Math.min(pace.total, this.#time + by)
    const seq = past.course.floor(pace.seqAt(this.#time))
    if (seq !== this.seq) this.#show(seq)
    this.#prefetch()
    if (this.#time < pace.total) return true
    this.rested.emit()
    return false
  }

  /** Asks for what comes next row by row when it is played slowly enough to be seen so. */
  #prefetch(): void {
    const { pace, past } = this
    const soon = Math.min(past.head, pace.seqAt(this.#time + patience * this.player.speed) + 1)
    for (const seq of [this.seq + 1, soon]) {
      const leg = past.course.legOf(seq)
      if (leg === null || leg.until - leg.after === 1) continue
      if (pace.reached(leg.until) - pace.reached(leg.after) > patience * this.player.speed) void this.#learnt(seq)
    }
  }

  /** Learns what happened around a seq; whether it could. What cannot be learnt is told once, and nothing goes on playing. */
  async #learnt(seq: number): Promise<boolean> {
    try {
      await this.past.refine(seq)
      return true
    } catch (error) {
      this.player.pause()
      this.failed.emit(error)
      return false
    }
  }

  #grow(): void {
    this.#axis = null
    this.#time = this.pace.reached(this.seq)
    this.changed.emit()
  }

  #stand(seq: number): void {
    this.#time = this.pace.reached(seq)
    this.#show(seq)
  }

  #show(seq: number): void {
    this.moment = this.past.moment(seq, comparisonAt(this, seq))
    this.shown.emit(this.moment)
  }
}
