/** A list to choose one section of the text from, so that only its edits are shown and stepped through. */
import type { EditorView } from '@codemirror/view'
import { fill, h } from '../dom'
import { outlineOf, type Heading } from '../outline'
import type { Replay } from './replay'
import { sectionOf } from './steps'

export class SectionPicker {
  readonly element = h('select', { class: 'section-picker', 'aria-label': 'Section', onchange: () => this.#choose() })
  #headings: readonly Heading[] = []

  constructor(
    readonly view: EditorView,
    readonly replay: Replay,
  ) {
    this.#list()
    for (const asked of ['pointerdown', 'focus']) this.element.addEventListener(asked, () => this.#list())
  }

  /** The headings as they are at this moment; what is chosen stays. */
  #list(): void {
    const chosen = this.element.selectedIndex > 0 ? this.element.selectedOptions[0]?.text : undefined
    this.#headings = outlineOf(this.view.state.doc)
    const names = this.#headings.map(({ title, level }, number) => h('option', { value: number }, `${'\u2003'.repeat(Math.max(0, level - 1))}${title}`))
    const found = names.find(({ text }) => text === chosen)
    const kept = chosen !== undefined && found === undefined ? [h('option', { value: 'kept' }, chosen)] : []
    fill(this.element, h('option', { value: '' }, 'All sections'), ...kept, ...names)
    const selected = found ?? kept[0]
    if (selected !== undefined) selected.selected = true
  }

  #choose(): void {
    const { value } = this.element
    const { lens, past, moment } = this.replay
    const heading = value === '' ? undefined : this.#headings[Number(value)]
    this.replay.look({ ...lens, section: heading === undefined ? null : sectionOf(past.chronicle, moment, heading.from, endOf(this.#headings, heading, moment.length)) })
  }
}

/** Where a section ends: with the next heading that is not below its own. */
export function endOf(headings: readonly Heading[], heading: Heading, length: number): number {
  return headings.find(({ from, level }) => from > heading.from && level <= heading.level)?.from ?? length
}
