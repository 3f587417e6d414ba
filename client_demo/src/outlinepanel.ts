/** The sections of a text beside it; a click brings one to the top. */
import { EditorView } from '@codemirror/view'
import { fill, h } from './dom'
import { later } from './later'
import { outlineOf, type Heading } from './outline'

/** How far below the window's edge a section comes to stand, in pixels: the bar is there. */
const margin = 72

export class OutlinePanel {
  readonly #list = h('ol', {})
  readonly element = h('nav', { class: 'outline', 'aria-label': 'Sections' }, this.#list)

  /** `jumped` hears of a section that was gone to. */
  constructor(
    readonly view: EditorView,
    readonly jumped: (heading: Heading) => void,
  ) {}

  readonly drawLater = later(() => this.draw(), 600)

  draw(): void {
    fill(this.#list, ...outlineOf(this.view.state.doc).map((heading) => this.#row(heading)))
  }

  #row(heading: Heading): HTMLElement {
    return h('li', { style: `--level:${heading.level}` }, h('button', { type: 'button', onclick: () => this.#jump(heading) }, heading.title))
  }

  #jump(heading: Heading): void {
    const { from } = heading
    this.view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'start', yMargin: margin }) })
    this.jumped(heading)
  }
}
