/** The card that tells, for the text under the pointer, who wrote it and when; for a citation, what it cites. */
import type { Extension } from '@codemirror/state'
import { EditorView, ViewPlugin } from '@codemirror/view'
import { ago, exactly } from './ago'
import { numbersIn, referencesOf } from './citations'
import { looking, type Dyes } from './colours'
import { h } from './dom'
import { FloatingCard } from './floatingcard'
import type { Ledger, Mark } from './ledger'
import { markAt, type Written } from './spans'

/** How long the pointer rests before the card comes, in ms: at once while one looks at colours. */
const patience = { on: 120, off: 650 } as const

/** What is told of an element in the text that is not text of the article; null for others. */
export type Telling = (element: Element) => HTMLElement[] | null

/** Who, when, and who brought it back. */
export function describe(mark: Mark, ledger: Ledger, dyes: Dyes, now: number): HTMLElement[] {
  const slot = dyes().get(mark.author)?.slot
  const name = h('strong', { class: 'card-name' }, h('span', { class: 'dot', style: slot === undefined ? '' : `--strong:var(--strong-${slot})` }), ledger.nameOf(mark.author))
  const carried = mark.carriedBy === null || mark.carriedBy === mark.author ? [] : [act(`brought back by ${ledger.nameOf(mark.carriedBy)} `, mark.carriedAt, now)]
  return [name, h('span', {}, 'wrote this ', time(mark.at, now)), ...carried]
}

/** What happened to a text later. */
export function act(words: string, at: number | null, now: number): HTMLElement {
  return h('span', { class: 'card-carried' }, words, at !== null && time(at, now))
}

function time(at: number, now: number): HTMLElement {
  return h('time', { datetime: new Date(at).toISOString(), title: exactly(at) }, ago(at, now))
}

export function card(written: Written, dyes: Dyes, telling: Telling = () => null): Extension {
  class Card {
    readonly #card = new FloatingCard()

    constructor(readonly view: EditorView) {}

    update({ docChanged }: { docChanged: boolean }): void {
      if (docChanged) this.hide()
    }

    destroy(): void {
      this.#card.close()
    }

    hide(): void {
      this.#card.hide()
    }

    /** Waits for the pointer to rest; a touch does not wait. */
    point({ clientX: x, clientY: y, target }: MouseEvent, wait: number): void {
      if (target instanceof Element && this.tell(target, x, wait)) return
      const cited = target instanceof Element ? (target.closest('[data-cites]')?.getAttribute('data-cites') ?? null) : null
      const index = this.#characterAt(x, y)
      if (index === null) return this.hide()
      this.#card.soon(() => (cited === null ? this.#tellAuthor(index, x) : this.#tellReferences(cited, index, x)), cited === null ? wait : patience.on)
    }

    /** Tells of an element that is not text of the article; false when it is. */
    tell(element: Element, x: number, wait: number): boolean {
      const lines = telling(element)
      if (lines === null) return false
      this.#card.soon(() => this.#card.show('', lines, element.getBoundingClientRect(), x), wait)
      return true
    }

    /** Index of the character whose box the pointer is in, null beside the text. */
    #characterAt(x: number, y: number): number | null {
      const near = this.view.posAndSideAtCoords({ x, y })
      if (near === null) return null
      const index = near.assoc < 0 ? near.pos - 1 : near.pos
      const box = this.view.coordsForChar(Math.max(0, index))
      const slack = 6
      return box !== null && x >= box.left - slack && x <= box.right + slack && y >= box.top - slack && y <= box.bottom + slack ? index : null
    }

    #tellAuthor(index: number, x: number): void {
      const mark = markAt(written.order, written.ledger, index)
      if (mark === null) return this.hide()
      this.#show('', describe(mark, written.ledger, dyes, Date.now()), index, x)
    }

    #tellReferences(cited: string, index: number, x: number): void {
      const what = `cites ${cited}`
      if (this.#card.shows(what)) return
      const references = referencesOf(this.view.state.doc)
      const lines = numbersIn(cited).flatMap((number) => {
        const text = references.get(number)
        return text === undefined ? [] : [h('p', { class: 'card-reference' }, h('b', {}, `${number} `), text)]
      })
      if (lines.length > 0) this.#show(what, lines, index, x)
    }

    #show(what: string, children: HTMLElement[], index: number, x: number): void {
      const box = this.view.coordsForChar(index) ?? this.view.coordsAtPos(index)
      if (box !== null) this.#card.show(what, children, box, x)
    }
  }

  return ViewPlugin.fromClass(Card, {
    eventHandlers: {
      mousemove(event, view) {
        if (event.buttons === 0) this.point(event, view.state.field(looking).on ? patience.on : patience.off)
      },
      mouseleave() {
        this.hide()
      },
      keydown() {
        this.hide()
      },
      pointerup(event) {
        if (event.pointerType === 'touch') this.point(event, 0)
      },
      focusin({ target }) {
        if (target instanceof Element) this.tell(target, target.getBoundingClientRect().left + 24, 0)
      },
      focusout() {
        this.hide()
      },
    },
  })
}
