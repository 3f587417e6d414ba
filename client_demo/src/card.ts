/** The card that tells, for the text under the pointer, who wrote it and when; for a citation, what it cites. */
import type { Extension } from '@codemirror/state'
import { EditorView, ViewPlugin } from '@codemirror/view'
import { ago, exactly } from './ago'
import { numbersIn, referencesOf } from './citations'
import { looking, type Dyes } from './colours'
import { fill, h } from './dom'
import type { Ledger, Mark } from './ledger'
import { markAt, type Written } from './spans'

/** How long the pointer rests before the card comes, in ms: at once while one looks at colours. */
const patience = { on: 120, off: 650 } as const

/** Who, when, and who brought it back. */
export function describe(mark: Mark, ledger: Ledger, dyes: Dyes, now: number): HTMLElement[] {
  const slot = dyes().get(mark.author)?.slot
  const name = h('strong', { class: 'card-name' }, h('span', { class: 'dot', style: slot === undefined ? '' : `--strong:var(--strong-${slot})` }), ledger.nameOf(mark.author))
  const when = h('time', { datetime: new Date(mark.at).toISOString(), title: exactly(mark.at) }, ago(mark.at, now))
  const carried = mark.carriedBy === null || mark.carriedBy === mark.author ? [] : [h('span', { class: 'card-carried' }, `brought back by ${ledger.nameOf(mark.carriedBy)}`)]
  return [name, h('span', {}, 'wrote this ', when), ...carried]
}

export function card({ order, ledger }: Written, dyes: Dyes): Extension {
  class Card {
    readonly #dom = h('div', { class: 'card', role: 'tooltip', hidden: true })
    #timer: ReturnType<typeof setTimeout> | undefined
    #shown = ''

    constructor(readonly view: EditorView) {
      document.body.append(this.#dom)
      window.addEventListener('scroll', this.hide, { passive: true })
    }

    update({ docChanged }: { docChanged: boolean }): void {
      if (docChanged) this.hide()
    }

    destroy(): void {
      this.hide()
      this.#dom.remove()
      window.removeEventListener('scroll', this.hide)
    }

    /** Waits for the pointer to rest; a touch does not wait. */
    point(event: MouseEvent, wait: number): void {
      clearTimeout(this.#timer)
      const { clientX: x, clientY: y, target } = event
      const cited = target instanceof Element ? (target.closest('[data-cites]')?.getAttribute('data-cites') ?? null) : null
      const index = this.#characterAt(x, y)
      if (index === null) return this.hide()
      this.#timer = setTimeout(() => (cited === null ? this.#tellAuthor(index, x) : this.#tellReferences(cited, index, x)), cited === null ? wait : patience.on)
    }

    readonly hide = (): void => {
      clearTimeout(this.#timer)
      this.#shown = ''
      this.#dom.hidden = true
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
      const mark = markAt(order, ledger, index)
      if (mark === null) return this.hide()
      this.#show(`${mark.author} ${mark.at} ${mark.carriedBy}`, describe(mark, ledger, dyes, Date.now()), index, x)
    }

    #tellReferences(cited: string, index: number, x: number): void {
      const references = referencesOf(this.view.state.doc)
      const lines = numbersIn(cited).flatMap((number) => {
        const text = references.get(number)
        return text === undefined ? [] : [h('p', { class: 'card-reference' }, h('b', {}, `${number} `), text)]
      })
      if (lines.length > 0) this.#show(`cites ${cited}`, lines, index, x)
    }

    /** Below the line of the character, moved to stay on the page. */
    #show(what: string, children: HTMLElement[], index: number, x: number): void {
      const box = this.view.coordsForChar(index) ?? this.view.coordsAtPos(index)
      if (box === null || (this.#shown === what && !this.#dom.hidden && what.startsWith('cites'))) return
      this.#shown = what
      fill(this.#dom, ...children)
      this.#dom.hidden = false
      const { width, height } = this.#dom.getBoundingClientRect()
      const left = Math.max(8, Math.min(x - 24, document.documentElement.clientWidth - width - 8))
      const below = box.bottom + 8 + height < window.innerHeight
      this.#dom.style.translate = `${left}px ${below ? box.bottom + 6 : box.top - height - 6}px`
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
    },
  })
}
