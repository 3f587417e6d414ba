/** The plot of who wrote when, to move through with pointer or keys. */
import { count, exactly } from '../ago'
import type { Dyes } from '../colours'
import { h } from '../dom'
import { later } from '../later'
import { plotOf } from './plot'
import { drawPlot } from './plotview'
import type { Replay } from './replay'

/** Columns of the plot: about one for every so many pixels. */
const columnWidth = 5
/** A pause as long as this begins another sitting, in ms. */
const sitting = 30 * 60_000
/** Two dates stand so far apart at least, as a part of the width. */
const datesApart = 0.13

/** A seq that has a name, to be seen on the plot. */
export interface Flag {
  readonly seq: number
  readonly label: string
}

const day = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' })
const dated = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short', year: 'numeric' })
const clock = new Intl.DateTimeFormat('en', { hour: '2-digit', minute: '2-digit', hour12: false })

export class Scrubber {
  readonly element: HTMLElement
  readonly #plot = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  readonly #flags = h('div', { class: 'flags', 'aria-hidden': 'true' })
  readonly #dates = h('div', { class: 'dates', 'aria-hidden': 'true' })
  readonly #since = h('div', { class: 'since', 'aria-hidden': 'true', hidden: true })
  readonly #head = h('div', { class: 'playhead', 'aria-hidden': 'true' })
  readonly #slider: HTMLElement
  #flagged: readonly Flag[] = []

  constructor(
    readonly replay: Replay,
    readonly dyes: Dyes,
  ) {
    this.#plot.classList.add('plot')
    this.#plot.setAttribute('aria-hidden', 'true')
    this.#slider = h(
      'div',
      {
        class: 'scrubber',
        role: 'slider',
        tabindex: '0',
        'aria-label': 'Moment of the article',
        'aria-valuemin': '0',
        onpointerdown: (event: PointerEvent) => this.#drag(event),
        onpointermove: (event: PointerEvent) => this.#slider.hasPointerCapture(event.pointerId) && this.#scrub(event),
        onpointerup: (event: PointerEvent) => this.#drop(event),
        onpointercancel: (event: PointerEvent) => this.#drop(event),
      },
      this.#since,
      this.#flags,
      this.#head,
    )
    this.#slider.prepend(this.#plot)
    this.element = h('div', { class: 'scrub' }, this.#slider, this.#dates)
    replay.shown.on(() => this.#stand())
    replay.changed.on(() => this.drawLater())
    new ResizeObserver(() => this.drawLater()).observe(this.#slider)
  }

  flag(flags: readonly Flag[]): void {
    this.#flagged = flags
    this.#drawFlags()
  }

  readonly drawLater = later(() => this.draw(), 60)

  draw(): void {
    const { past, axis, lens, compared } = this.replay
    if (past.head === 0) return
    const columns = Math.max(40, Math.round(this.#slider.clientWidth / columnWidth))
    drawPlot(this.#plot, plotOf(past.chronicle, axis, past.head, columns, lens.section), this.dyes, lens.author)
    this.#since.hidden = compared === null
    if (compared !== null) this.#since.style.insetInlineStart = percent(axis.reached(compared) / axis.total)
    this.#drawFlags()
    this.#drawDates()
    this.#stand()
  }

  #stand(): void {
    const { replay } = this
    const { past, axis, seq } = replay
    this.#head.style.insetInlineStart = percent(axis.reached(seq) / axis.total)
    this.#slider.setAttribute('aria-valuemax', String(past.head))
    this.#slider.setAttribute('aria-valuenow', String(seq))
    this.#slider.setAttribute('aria-valuetext', momentInWords(replay))
  }

  #drawFlags(): void {
    const { past, axis } = this.replay
    const known = this.#flagged.filter(({ seq }) => seq <= past.head)
    this.#flags.replaceChildren(...known.map(({ seq, label }) => h('span', { class: 'flag', title: label, style: `inset-inline-start:${percent(axis.reached(seq) / axis.total)}` })))
  }

  /** When each sitting began, as many as there is room for; in a long history, dates here and there. */
  #drawDates(): void {
    const { axis, past } = this.replay
    const first = past.course.broad[0]
    if (first === undefined) return
    const sittings = axis.pauses(sitting)
    const marks: HTMLElement[] = []
    let free = 0
    let before = ''
    for (const { time, at } of [{ time: 0, at: first.since }, ...(sittings.length > 0 ? sittings : this.#anyDates())]) {
      const place = time / axis.total
      if (place < free || place > 1 - datesApart / 2) continue
      const date = day.format(at)
      marks.push(h('span', { style: `inset-inline-start:${percent(place)}` }, date === before ? clock.format(at) : before === '' ? dated.format(at) : date))
      free = place + datesApart * Math.max(1, 720 / Math.max(1, this.#slider.clientWidth))
      before = date
    }
    this.#dates.replaceChildren(...marks)
  }

  #anyDates(): { time: number; at: number }[] {
    const { axis, past } = this.replay
    const times = Array.from({ length: 100 }, (_, percent) => (axis.total * percent) / 100)
    const days = times.map((time) => ({ time, at: past.course.timeOf(axis.seqAt(time)) }))
    return days.filter(({ at }, number) => number > 0 && day.format(at) !== day.format(days[number - 1]?.at ?? 0))
  }

  #drag(event: PointerEvent): void {
    if (event.button !== 0) return
    this.#slider.setPointerCapture(event.pointerId)
    this.#scrub(event)
  }

  #scrub(event: PointerEvent): void {
    this.replay.scrub(this.#seqUnder(event))
  }

  #drop(event: PointerEvent): void {
    if (!this.#slider.hasPointerCapture(event.pointerId)) return
    this.#slider.releasePointerCapture(event.pointerId)
    void this.replay.go(this.#seqUnder(event))
  }

  #seqUnder({ clientX }: PointerEvent): number {
    const { left, width } = this.#slider.getBoundingClientRect()
    const { axis, past } = this.replay
    const share = Math.max(0, Math.min(1, (clientX - left) / width))
    return share > 0.998 ? past.head : axis.seqAt(share * axis.total)
  }
}

/** "3 May 2026 at 14:03, edit 120 of 260,000, by Ada". */
export function momentInWords({ past, moment, seq }: Replay): string {
  if (seq === 0) return 'before the first edit'
  const by = moment.act === null ? '' : `, by ${past.chronicle.ledger.nameOf(moment.act.author)}`
  return `${exactly(past.course.timeOf(seq))}, edit ${count(seq)} of ${count(past.head)}${by}`
}

function percent(share: number): string {
  return `${(share * 100).toFixed(3)}%`
}
