/** Authors' colours behind the visible text, from the ledger alone. */
import { type Extension, StateEffect, StateField, type Range } from '@codemirror/state'
import { Decoration, type DecorationSet, type EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view'
import type { Dye } from './palette'
import { eachStretch, type Written } from './spans'

/** What a viewer has asked for. */
export interface Looking {
  readonly on: boolean
  /** The author whose text is kept while the rest fades. */
  readonly chosen: string | null
}

export const look = StateEffect.define<Looking>()
/** The dyes have changed, or the ledger where no text did. */
export const redye = StateEffect.define<null>()

export const looking = StateField.define<Looking>({
  create: () => ({ on: false, chosen: null }),
  update: (value, { effects }) => effects.reduce((now, effect) => (effect.is(look) ? effect.value : now), value),
})

export type Dyes = () => ReadonlyMap<string, Dye>

export function colours(written: Written, dyes: Dyes): Extension {
  class Colours {
    decorations: DecorationSet

    constructor(view: EditorView) {
      this.decorations = dyed(view, written, dyes())
    }

    update(update: ViewUpdate): void {
      const asked = update.transactions.some(({ effects }) => effects.some((effect) => effect.is(look) || effect.is(redye)))
      if (asked || update.docChanged || update.viewportChanged) this.decorations = dyed(update.view, written, dyes())
    }
  }
  return [looking, ViewPlugin.fromClass(Colours, { decorations: (plugin) => plugin.decorations })]
}

const faded = Decoration.mark({ class: 'faded' })
const marks = new Map<string, Decoration>()

function mark(slot: number, tinted: boolean, fades: boolean): Decoration {
  const name = [`by`, tinted ? `tinted by-${slot}` : '', fades ? 'faded' : ''].join(' ').trim()
  const made = marks.get(name) ?? Decoration.mark({ class: name })
  marks.set(name, made)
  return made
}

function dyed({ state, visibleRanges }: EditorView, { order, ledger }: Written, dyes: ReadonlyMap<string, Dye>): DecorationSet {
  const { on, chosen } = state.field(looking)
  if (!on && chosen === null) return Decoration.none
  const found: Range<Decoration>[] = []
  let open: { from: number; to: number; author: string | null } | null = null
  const close = (): void => {
    if (open === null) return
    const dye = open.author === null ? undefined : dyes.get(open.author)
    const fades = chosen !== null && open.author !== chosen
    if (dye !== undefined) found.push(mark(dye.slot, on, fades).range(open.from, open.to))
    else if (fades) found.push(faded.range(open.from, open.to))
    open = null
  }
  for (const { from, to } of visibleRanges) {
    eachStretch(order, ledger, from, Math.min(to, state.doc.length), (start, end, act) => {
      const author = act?.author ?? null
      if (open !== null && open.author === author && open.to === start) open.to = end
      else {
        close()
        open = { from: start, to: end, author }
      }
    })
    close()
  }
  return Decoration.set(found)
}
