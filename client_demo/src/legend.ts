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

export function rowsOf(shares: ReadonlyMap<string, number>, ledger: Ledger): LegendRow[] {
  return [...shares].map(([id, units]) => ({ id, units, name: ledger.nameOf(id) }))
}

/** Redraws in place, so that a focused button keeps the focus. */
export function drawLegend(list: HTMLElement, rows: readonly LegendRow[], chosen: string | null, dyes: Dyes, choose: (id: string | null) => void): void {
  const focused = list.contains(document.activeElement) ? document.activeElement?.getAttribute('data-author') : null
  const whole = rows.reduce((sum, { units }) => sum + units, 0)
  const largest = rows[0]?.units ?? 1
  fill(list, ...rows.map((row) => h('li', {}, button(row, whole, largest, chosen, dyes, choose))))
  if (rows.length === 0) fill(list, h('li', { class: 'empty' }, 'Whoever writes here will be named.'))
  if (focused) list.querySelector<HTMLElement>(`[data-author="${CSS.escape(focused)}"]`)?.focus()
}

function button({ id, name, units }: LegendRow, whole: number, largest: number, chosen: string | null, dyes: Dyes, choose: (id: string | null) => void): HTMLElement {
  const slot = dyes().get(id)?.slot
  const pressed = chosen === id
  const share = percent(units, whole)
  return h(
    'button',
    {
      type: 'button',
      class: 'legend-row',
      'data-author': id,
      'aria-pressed': pressed ? 'true' : 'false',
      title: `${count(units)} of ${count(whole)} characters. ${pressed ? 'Show everybody again' : `Show what ${name} wrote`}`,
      style: slot === undefined ? '' : `--strong:var(--strong-${slot});--tint:var(--tint-${slot})`,
      onclick: () => choose(pressed ? null : id),
    },
    h('span', { class: 'legend-name' }, h('span', { class: 'swatch' }), name),
    h('span', { class: 'legend-share' }, share),
    h('span', { class: 'legend-bar', style: `--part:${(units / largest) * 100}%` }),
  )
}
