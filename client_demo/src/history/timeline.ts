/** Below the page: play, step, speed, and the plot to move through. */
import { count } from '../ago'
import type { Dyes } from '../colours'
import { fill, h } from '../dom'
import { speeds } from './player'
import type { Replay } from './replay'
import { momentInWords, Scrubber } from './scrubber'

const dated = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' })

const icons = {
  play: 'M5 3.5v13l11-6.5z',
  pause: 'M5 3.5h3.6v13H5zM11.4 3.5H15v13h-3.6z',
  back: 'M12.5 4.5v11L5 10zM14 4.5h2v11h-2z',
  on: 'M7.5 4.5v11L15 10zM4 4.5h2v11H4z',
} as const

export class Timeline {
  readonly element: HTMLElement
  readonly scrubber: Scrubber
  readonly #play: HTMLButtonElement
  readonly #speed: HTMLSelectElement
  readonly #when = h('span', { class: 'when' })
  readonly #copy: HTMLButtonElement
  /** The page ends above it. */
  readonly #measured = new ResizeObserver(() => document.documentElement.style.setProperty('--timeline', `${this.element.offsetHeight}px`))
  readonly #message = h('p', { class: 'timeline-message', role: 'status' })

  constructor(
    readonly replay: Replay,
    readonly dyes: Dyes,
    /** The address of a moment. */
    readonly linkTo: (seq: number) => string,
    extras: readonly HTMLElement[],
  ) {
    this.scrubber = new Scrubber(replay, dyes)
    this.#play = h('button', { type: 'button', class: 'play', 'aria-keyshortcuts': 'Space', onclick: () => replay.toggle() })
    this.#speed = h('select', { class: 'speed', 'aria-label': 'Speed', onchange: () => (replay.player.speed = Number(this.#speed.value)) }, ...speeds.map((speed) => h('option', { value: speed }, `${count(speed)}×`)))
    this.#copy = h('button', { type: 'button', class: 'quiet', onclick: () => void this.#copyLink() }, 'Copy link')
    this.element = h('section', { class: 'timeline', 'aria-label': 'Timeline' }, this.#controls(extras), this.scrubber.element, this.#message)
    replay.shown.on(() => this.#tell())
    replay.changed.on(() => this.#stand())
    replay.player.changed.on(() => this.#stand())
    this.#stand()
    this.#measured.observe(this.element)
  }

  close(): void {
    this.#measured.disconnect()
    document.documentElement.style.removeProperty('--timeline')
  }

  /** Says how far loading is, or what went wrong; nothing when there is nothing to say. */
  say(...words: (string | HTMLElement)[]): void {
    fill(this.#message, ...words)
  }

  #controls(extras: readonly HTMLElement[]): HTMLElement {
    const { replay } = this
    const step = (by: 1 | -1, label: string, icon: keyof typeof icons): HTMLElement =>
      h('button', { type: 'button', class: 'step', 'aria-label': label, title: `${label} (${by < 0 ? '←' : '→'})`, onclick: () => void replay.step(by) }, drawing(icon))
    return h(
      'div',
      { class: 'controls' },
      h('div', { class: 'transport' }, step(-1, 'One edit back', 'back'), this.#play, step(1, 'One edit on', 'on'), this.#speed),
      h('p', { class: 'moment' }, this.#when),
      h('div', { class: 'options' }, ...extras, ...this.#options()),
    )
  }

  #options(): HTMLElement[] {
    const { replay } = this
    const option = (label: string, on: boolean, turn: (is: boolean) => void): HTMLElement => {
      const box = h('input', { type: 'checkbox', checked: on, onchange: () => turn(box.checked) })
      return h('label', { class: 'option' }, box, label)
    }
    return [
      option('Skip pauses', replay.skipping, (is) => replay.skip(is)),
      option('Follow', replay.following, (is) => (replay.following = is)),
      option('Deleted text', replay.striking, (is) => replay.strike(is)),
      this.#copy,
    ]
  }

  #stand(): void {
    const { player } = this.replay
    const label = player.playing ? 'Pause' : 'Play'
    if (this.#play.getAttribute('aria-label') !== label) {
      this.#play.setAttribute('aria-label', label)
      this.#play.title = `${label} (space)`
      fill(this.#play, drawing(player.playing ? 'pause' : 'play'))
    }
    this.#speed.value = String(player.speed)
    this.#tell()
  }

  #tell(): void {
    const { moment, seq, past } = this.replay
    if (seq === 0) return fill(this.#when, h('b', {}, past.head === 0 ? '' : 'Before the first edit'))
    const { ledger } = past.chronicle
    const slot = moment.act === null ? undefined : this.dyes().get(moment.act.author)?.slot
    const by = moment.act !== null && h('span', { class: 'moment-author' }, h('span', { class: 'dot', style: slot === undefined ? '' : `--strong:var(--strong-${slot})` }), ledger.nameOf(moment.act.author))
    fill(this.#when, h('b', {}, dated.format(past.course.timeOf(seq))), h('span', { class: 'moment-seq' }, `edit ${count(seq)} of ${count(past.head)}`), by)
  }

  async #copyLink(): Promise<void> {
    const said = await navigator.clipboard.writeText(this.linkTo(this.replay.seq)).then(
      () => `Copied a link to ${momentInWords(this.replay)}.`,
      () => 'Your browser does not allow copying; the address above leads here, too.',
    )
    this.say(said)
  }
}

function drawing(icon: keyof typeof icons): HTMLElement {
  const holder = h('span', { class: 'icon', 'aria-hidden': 'true' })
  holder.innerHTML = `<svg viewBox="0 0 20 20" width="18" height="18" fill="currentColor"><path d="${icons[icon]}"/></svg>`
  return holder
}
