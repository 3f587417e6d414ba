/**
 * `window.palimpsest`: a look inside the open article for browser tests and developers. Positions are UTF-16 units.
 * It reads; nothing in the demo depends on it.
 */
import type { EditorView } from '@codemirror/view'
import type * as Y from 'yjs'
import type { Dyes } from './colours'
import type { Ledger } from './ledger'
import { markAt, spansIn, type Span, type Written } from './spans'

export interface Probe {
  readonly view: EditorView
  readonly doc: Y.Doc
  readonly ledger: Ledger
  /** After which seq the text is shown; null when it is the present one. */
  seq(): number | null
  /** The words of the state line, such as "stored". */
  state(): string
  /** Author id of the character at `index`, null before it is stored. */
  authorAt(index: number): string | null
  /** All spans of the text, neighbours of one author joined; text not yet stored is in none. */
  spans(): Span[]
  /** The computed background of the character at `index` as it is drawn, null when it is not drawn or has no tint. */
  colourAt(index: number): string | null
  /** The tint that an author has on this page, as a computed colour. */
  tintOf(author: string): string | null
}

declare global {
  interface Window {
    palimpsest?: Probe
  }
}

export function openProbe(view: EditorView, doc: Y.Doc, written: Written, dyes: Dyes, state: () => string, seq: () => number | null): void {
  const { ledger } = written
  window.palimpsest = {
    view,
    doc,
    ledger,
    state,
    seq,
    authorAt: (index) => markAt(written.order, ledger, index)?.author ?? null,
    spans: () => spansIn(written.order, ledger, 0, written.order.length),
    colourAt: (index) => drawnColour(view, index),
    tintOf: (author) => computedTint(dyes().get(author)?.slot),
  }
}

function drawnColour(view: EditorView, index: number): string | null {
  if (!view.visibleRanges.some(({ from, to }) => index >= from && index < to)) return null
  const { node } = view.domAtPos(index, 1)
  let element: Node = node instanceof Element ? (node.childNodes[view.domAtPos(index, 1).offset] ?? node) : node
  while (element instanceof Element && element.matches('[data-struck], .cm-widgetBuffer') && element.nextSibling) element = element.nextSibling
  const tinted = (element instanceof Element ? element : element.parentElement)?.closest('.tinted')
  return tinted ? getComputedStyle(tinted).backgroundColor : null
}

function computedTint(slot: number | undefined): string | null {
  if (slot === undefined) return null
  const sample = document.body.appendChild(document.createElement('span'))
  sample.style.backgroundColor = `var(--tint-${slot})`
  const colour = getComputedStyle(sample).backgroundColor
  sample.remove()
  return colour
}
