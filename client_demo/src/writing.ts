/** An article being written: the editor, and beside it who writes, who is here and what the caret stands in. */
import { EditorView, type ViewUpdate } from '@codemirror/view'
import { AuthorsPanel } from './authorspanel'
import { describe } from './card'
import { redye } from './colours'
import { fill, h } from './dom'
import type { Dyebook } from './dyebook'
import { openEditor, type Editor } from './editor'
import { Fold } from './fold'
import { later } from './later'
import { OutlinePanel } from './outlinepanel'
import { drawNames, type Guest } from './presence'
import { makeRail, type Rail } from './rail'
import type { Replica } from './replica'
import { markAt } from './spans'

/** How many people are shown before one asks for all. */
const guestsShown = 6

export class Writing {
  readonly rail: Rail
  readonly authors: AuthorsPanel
  readonly outline: OutlinePanel
  readonly #editor: Editor
  readonly #caret = h('div', { class: 'at-caret' })
  readonly #here = new Fold('here', guestsShown)
  #permitted = false
  /** The ledger's version when the colours were last drawn. */
  #drawn = -1

  /** `edge` says where the text comes out below the bar, in pixels from the top of the window; `sections` end the rail. */
  constructor(
    readonly replica: Replica,
    readonly dyebook: Dyebook,
    writes: boolean,
    edge: () => number,
    sections: readonly HTMLElement[],
  ) {
    const caret = h('section', { class: 'caret-section' }, h('h2', {}, 'At the caret'), this.#caret)
    const here = h('section', {}, h('h2', {}, 'Here now'), this.#here.list, this.#here.more)
    this.rail = makeRail('rail', 'Authors and who is here', 'Authors', [caret, here, ...sections])
    this.rail.element.classList.toggle('reading', !writes)
    this.#editor = openEditor(replica, dyebook.dyes, edge, EditorView.updateListener.of((update) => this.#follow(update)))
    this.authors = new AuthorsPanel(this.rail, this.view, replica, dyebook.dyes, writes)
    this.outline = new OutlinePanel(this.view, () => this.#permitted && this.view.focus())
  }

  get view(): EditorView {
    return this.#editor.view
  }

  /** Lets a person write, or only read. */
  permit(may: boolean): void {
    const opening = !this.replica.known
    if (this.view.dom.classList.contains('opening') && !opening) this.authors.redrawLater()
    this.view.dom.classList.toggle('opening', opening)
    if (may !== this.#permitted) this.#editor.permit((this.#permitted = may))
  }

  /** Draws anew what the ledger now knows, unless new text has just been drawn with it; `met`: the dyes are others. */
  recolour(met: boolean): void {
    const { version } = this.replica.ledger
    if (met || version !== this.#drawn) this.view.dispatch({ effects: redye.of(null) })
    this.#drawn = version
    this.authors.redrawLater()
    this.#drawCaretLater()
  }

  welcome(guests: readonly Guest[], me: string | null): void {
    drawNames(this.#here.list, guests, me, this.dyebook.dyes)
  }

  close(): void {
    this.view.destroy()
  }

  #follow({ docChanged, selectionSet }: ViewUpdate): void {
    if (docChanged) {
      this.#drawn = this.replica.ledger.version
      this.authors.redrawLater()
      this.outline.drawLater()
    }
    if (docChanged || selectionSet) this.#drawCaretLater()
  }

  readonly #drawCaretLater = later(() => this.#drawCaret(), 120)

  #drawCaret(): void {
    const { order, ledger } = this.replica
    const mark = markAt(order, ledger, Math.max(0, this.view.state.selection.main.head - 1))
    const nothing = order.length === 0 ? 'Nothing is written here yet.' : 'Not stored yet.'
    fill(this.#caret, ...(mark === null ? [h('span', { class: 'empty' }, nothing)] : describe(mark, ledger, this.dyebook.dyes, Date.now())))
  }
}
