/** The authors with their shares of the text; choosing one keeps that author's text and fades the rest. */
import { count, percent } from './ago'
import type { Dyes } from './colours'
import { fill, h } from './dom'
import type { Ledger } from './ledger'

export interface LegendRow {
  readonly id: string
  readonly name: string
  readonly units: number
}

/** What a row shows. */
interface Showing {
  readonly name: string
  readonly share: string
  /** Length of the bar, in per cent of the longest. */
  readonly part: number
  readonly slot: number | undefined
  readonly pressed: boolean
}

interface Drawn {
  readonly item: HTMLElement
  readonly button: HTMLElement
  showing: string
}

export function rowsOf(shares: ReadonlyMap<string, number>, ledger: Ledger): LegendRow[] {
  return [...shares].map(([id, units]) => ({ id, units, name: ledger.nameOf(id) }))
}

/** Draws only what has changed: others write all the time. */
export class Legend {
  readonly #drawn = new Map<string, Drawn>()
  #units: ReadonlyMap<string, number> = new Map()
  #whole = 0
  #chosen: string | null = null

  constructor(
    readonly list: HTMLElement,
    readonly dyes: Dyes,
    readonly choose: (id: string | null) => void,
  ) {}

  /** `known`: this is all there is, and not what has come of it so far. */
  draw(rows: readonly LegendRow[], chosen: string | null, known: boolean): void {
    this.#chosen = chosen
    this.#units = new Map(rows.map(({ id, units }) => [id, units]))
    this.#whole = rows.reduce((sum, { units }) => sum + units, 0)
    const largest = rows[0]?.units ?? 1
    this.#arrange(rows.map((row) => this.#row(row, largest)))
    for (const id of this.#drawn.keys()) if (!this.#units.has(id)) this.#drawn.delete(id)
    if (rows.length === 0 && known) fill(this.list, h('li', { class: 'empty' }, 'Whoever writes here will be named.'))
  }

  /** Moves rows only when their order is another, and leaves the focus where it is. */
  #arrange(items: readonly HTMLElement[]): void {
    const { children } = this.list
    if (items.length === children.length && items.every((item, number) => children[number] === item)) return
    const focused = this.list.contains(document.activeElement) ? (document.activeElement as HTMLElement) : null
    fill(this.list, ...items)
    focused?.focus({ preventScroll: true })
  }

  #row({ id, name, units }: LegendRow, largest: number): HTMLElement {
    const drawn = this.#drawn.get(id) ?? this.#make(id)
    const part = Math.round((units / largest) * 200) / 2
    const showing: Showing = { name, share: percent(units, this.#whole), part, slot: this.dyes().get(id)?.slot, pressed: this.#chosen === id }
    const said = JSON.stringify(showing)
    if (drawn.showing !== said) show(drawn.button, showing)
    drawn.showing = said
    return drawn.item
  }

  #make(id: string): Drawn {
    const button = h('button', {
      type: 'button',
      class: 'legend-row',
      'data-author': id,
      onclick: () => this.choose(this.#chosen === id ? null : id),
      onpointerenter: () => (button.title = `${count(this.#units.get(id) ?? 0)} of ${count(this.#whole)} characters`),
    })
    const drawn = { item: h('li', {}, button), button, showing: '' }
    this.#drawn.set(id, drawn)
    return drawn
  }
}

function show(button: HTMLElement, { name, share, part, slot, pressed }: Showing): void {
  button.setAttribute('aria-pressed', String(pressed))
  button.setAttribute('style', slot === undefined ? '' : `--strong:var(--strong-${slot});--tint:var(--tint-${slot})`)
  fill(button, h('span', { class: 'legend-name' }, h('span', { class: 'swatch' }), name), h('span', { class: 'legend-share' }, share), h('span', { class: 'legend-bar', style: `--part:${part}%` }))
}
