/** What is drawn of somebody else in a text: a caret with a name that fades, and a selection. */
import { type EditorView, type LayerMarker, type RectangleMarker } from '@codemirror/view'
import { h } from './dom'

/** How long a name stands at a caret that has come, with its fading, in ms. */
const nameShown = 2400

/** A caret in UTF-16 units, and when it came from another place, by the page's clock in ms. */
export interface Standing {
  readonly head: number | null
  readonly name: string
  readonly came: number
}

export class CaretMarker implements LayerMarker {
  private constructor(
    readonly left: number,
    readonly top: number,
    readonly height: number,
    readonly name: string,
    readonly colour: string,
    readonly came: number,
  ) {}

  static at(view: EditorView, { head, name, came }: Standing, colour: string): CaretMarker | null {
    const here = view.coordsAtPos(head ?? 0)
    if (here === null) return null
    const base = view.scrollDOM.getBoundingClientRect()
    const left = (here.left - base.left) / view.scaleX + view.scrollDOM.scrollLeft
    const top = (here.top - base.top) / view.scaleY + view.scrollDOM.scrollTop
    return new CaretMarker(left, top, here.bottom - here.top, name, colour, came)
  }

  eq(other: CaretMarker): boolean {
    return this.left === other.left && this.top === other.top && this.height === other.height && this.name === other.name && this.colour === other.colour && this.came === other.came
  }

  draw(): HTMLElement {
    const caret = h('div', { class: 'caret' }, h('span', { class: 'caret-name' }, this.name))
    this.#place(caret)
    this.#showName(caret)
    return caret
  }

  update(caret: HTMLElement, previous: CaretMarker): boolean {
    if (previous.name !== this.name) return false
    this.#place(caret)
    if (previous.came !== this.came) this.#showName(caret)
    return true
  }

  /** The name is there for a moment when its caret has come: it hides the line above. */
  #showName(caret: HTMLElement): void {
    const shown = performance.now() - this.came
    if (shown >= nameShown) return
    const frames = [{ opacity: 1 }, { opacity: 1, offset: 0.83 }, { opacity: 0 }]
    const animation = caret.firstElementChild?.animate(frames, nameShown)
    if (animation !== undefined) animation.currentTime = shown
  }

  #place(caret: HTMLElement): void {
    caret.style.transform = `translate(${this.left}px, ${this.top}px)`
    caret.style.height = `${this.height}px`
    caret.style.setProperty('--strong', this.colour)
    caret.classList.toggle('caret-low', this.top < 24)
  }
}

/** A rectangle in somebody's colour. */
export class Tinted implements LayerMarker {
  constructor(
    readonly rectangle: RectangleMarker,
    readonly colour: string,
  ) {}

  eq(other: Tinted): boolean {
    return this.colour === other.colour && this.rectangle.eq(other.rectangle)
  }

  draw(): HTMLElement {
    const box = this.rectangle.draw()
    box.style.setProperty('--strong', this.colour)
    return box
  }
}
