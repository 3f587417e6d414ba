/** Colours on or off, everybody or one author: what the viewer asks for, and the legend that shows it. */
import type { EditorView } from '@codemirror/view'
import { coloursWanted, keepColours } from './choices'
import { look, type Dyes } from './colours'
import { later } from './later'
import { Legend, rowsOf } from './legend'
import type { Rail } from './rail'
import { Signal } from './signal'
import { shares, type Written } from './spans'

export class AuthorsPanel {
  #on: boolean
  #chosen: string | null = null
  /** An author was chosen, or nobody any more. */
  readonly chosen = new Signal<string | null>()
  readonly #legend: Legend

  constructor(
    readonly rail: Rail,
    readonly view: EditorView,
    readonly written: Written & { readonly known: boolean },
    dyes: Dyes,
    writing: boolean,
  ) {
    this.#legend = new Legend(rail.legend, dyes, (author) => this.choose(author))
    this.#on = coloursWanted(writing)
    rail.colours.addEventListener('click', () => this.toggle())
  }

  toggle(): void {
    this.#on = !this.#on
    keepColours(this.#on)
    this.redraw()
  }

  /** Keeps one author's text and fades the rest; null shows everybody. */
  choose(author: string | null): void {
    if (this.#chosen === author) return
    this.#chosen = author
    this.redraw()
    this.chosen.emit(author)
  }

  redraw(): void {
    this.view.dispatch({ effects: look.of({ on: this.#on, chosen: this.#chosen }) })
    this.rail.colours.setAttribute('aria-checked', String(this.#on))
    this.#drawLegend()
  }

  /** The shares are counted when the page has a moment, not at every keystroke. */
  readonly redrawLater = later(() => this.#drawLegend(), 400)

  #drawLegend(): void {
    const { order, ledger, known } = this.written
    this.#legend.draw(rowsOf(shares(order, ledger), ledger), this.#chosen, known)
  }
}
