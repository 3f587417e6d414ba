/** Text that is no longer there, drawn struck in its writer's tint where it stood; it is no part of the text. */
import { type Extension, type Range } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView, ViewPlugin, type ViewUpdate, WidgetType } from '@codemirror/view'
import { looking, redye, type Dyes } from '../colours'
import { h } from '../dom'
import type { Ledger } from '../ledger'
import type { Moment, Struck } from './moment'

/** A longer passage is shown with its beginning and its end, in UTF-16 units. */
const longest = 1200
const shownEnd = 200

class StruckText extends WidgetType {
  constructor(
    readonly struck: Struck,
    readonly number: number,
    readonly className: string,
    readonly label: string,
  ) {
    super()
  }

  override eq({ struck, number, className }: StruckText): boolean {
    return number === this.number && className === this.className && struck.text === this.struck.text && struck.deleter === this.struck.deleter
  }

  override get lineBreaks(): number {
    return this.struck.text.split('\n').length - 1
  }

  toDOM(): HTMLElement {
    const { text } = this.struck
    const said = text.length <= longest ? [text] : [text.slice(0, longest - shownEnd), ' … ', text.slice(-shownEnd)]
    return h('del', { class: this.className, tabindex: '0', 'data-struck': this.number, 'aria-label': this.label, dir: 'auto' }, ...said)
  }

  override ignoreEvent(): boolean {
    return false
  }
}

export function struckText(moment: () => Moment, ledger: Ledger, dyes: Dyes): Extension {
  class StruckTexts {
    decorations: DecorationSet

    constructor(view: EditorView) {
      this.decorations = drawn(view, moment(), ledger, dyes)
    }

    update(update: ViewUpdate): void {
      const asked = update.transactions.some(({ effects }) => effects.some((effect) => effect.is(redye)))
      const turned = update.startState.field(looking) !== update.state.field(looking)
      if (asked || turned || update.docChanged || update.viewportChanged) this.decorations = drawn(update.view, moment(), ledger, dyes)
    }
  }
  return ViewPlugin.fromClass(StruckTexts, { decorations: (plugin) => plugin.decorations })
}

/** The passage that an element shows; null for others. */
export function struckIn(element: Element, moment: Moment): Struck | null {
  const number = element.closest('[data-struck]')?.getAttribute('data-struck')
  return number === null || number === undefined ? null : (moment.struck[Number(number)] ?? null)
}

function drawn(view: EditorView, { struck }: Moment, ledger: Ledger, dyes: Dyes): DecorationSet {
  const { on, chosen } = view.state.field(looking)
  const { from, to } = view.viewport
  const found: Range<Decoration>[] = []
  for (let number = firstAt(struck, from); number < struck.length; number++) {
    const each = struck[number] as Struck
    if (each.at > to) break
    const slot = dyes().get(each.writer)?.slot
    const className = ['struck', slot === undefined ? '' : `by-${slot}`, on ? 'tinted' : '', chosen !== null && each.writer !== chosen && each.deleter !== chosen ? 'faded' : ''].join(' ').trim()
    const label = `Deleted by ${ledger.nameOf(each.deleter)}, written by ${ledger.nameOf(each.writer)}: ${each.text.slice(0, 200)}`
    found.push(Decoration.widget({ widget: new StruckText(each, number, className, label), side: number - struck.length }).range(each.at))
  }
  return Decoration.set(found, true)
}

function firstAt(struck: readonly Struck[], position: number): number {
  let low = 0
  let high = struck.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((struck[middle] as Struck).at < position) low = middle + 1
    else high = middle
  }
  return low
}
