/** What is new since the moment that one compares with, underlined in its writer's colour. */
import { type Extension, type Range } from '@codemirror/state'
import { Decoration, type DecorationSet, type EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view'
import { redye } from '../colours'
import type { Moment } from './moment'

const fresh = Decoration.mark({ class: 'fresh' })

/** `since` says with which seq one compares; null: with none. */
export function freshText(moment: () => Moment, since: () => number | null): Extension {
  const drawn = ({ visibleRanges }: EditorView): DecorationSet => {
    const seq = since()
    if (seq === null) return Decoration.none
    const now = moment()
    const found: Range<Decoration>[] = []
    for (const { from, to } of visibleRanges) now.eachFresh(seq, from, Math.min(to, now.length), (start, end) => found.push(fresh.range(start, end)))
    return Decoration.set(found)
  }
  class Fresh {
    decorations: DecorationSet

    constructor(view: EditorView) {
      this.decorations = drawn(view)
    }

    update(update: ViewUpdate): void {
      const asked = update.transactions.some(({ effects }) => effects.some((effect) => effect.is(redye)))
      if (asked || update.docChanged || update.viewportChanged) this.decorations = drawn(update.view)
    }
  }
  return ViewPlugin.fromClass(Fresh, { decorations: (plugin) => plugin.decorations })
}
