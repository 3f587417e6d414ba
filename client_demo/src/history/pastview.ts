/** The page as it was: one moment's text, set like the text that one writes. */
import { search, searchKeymap } from '@codemirror/search'
import { EditorState, type Extension } from '@codemirror/state'
import { EditorView, keymap, layer, placeholder } from '@codemirror/view'
import { act, card, describe } from '../card'
import { CaretMarker } from '../caretmarker'
import { colours, redye, type Dyes } from '../colours'
import { links } from '../links'
import { manuscript, quiet } from '../manuscript'
import { difference } from './difference'
import { freshText } from './fresh'
import type { Moment, Struck } from './moment'
import type { Replay } from './replay'
import { struckIn, struckText } from './struck'

/** While it plays, the page is turned to where something happens at most every so many ms. */
const turnPause = 1200
/** Kept free above and below where something happens, in pixels. */
const margin = 140

const page: Extension = [
  EditorState.lineSeparator.of('\n'),
  EditorState.readOnly.of(true),
  EditorView.editable.of(false),
  EditorView.lineWrapping,
  EditorView.perLineTextDirection.of(true),
  EditorView.contentAttributes.of({ 'aria-label': 'Text of the article as it was', tabindex: '0' }),
  quiet.of(true),
  placeholder('Nothing was written here yet.'),
  keymap.of(searchKeymap),
  search({ top: true }),
  manuscript,
  links,
]

export class PastView {
  readonly view: EditorView
  #moment: Moment
  #turned = 0
  /** Who is seen writing, and since when, by the page's clock. */
  #writer = { name: '', came: 0 }

  constructor(
    readonly replay: Replay,
    readonly dyes: Dyes,
    /** Offers to bring struck text back; null where nobody has signed in. */
    readonly restore: ((struck: Struck) => void) | null,
    extras: Extension,
  ) {
    this.#moment = replay.moment
    const moment = (): Moment => this.#moment
    const { ledger } = replay.past.chronicle
    const written = {
      ledger,
      get order() {
        return moment()
      },
    }
    this.view = new EditorView({
      state: EditorState.create({
        doc: this.#moment.text,
        extensions: [
          page,
          colours(written, dyes),
          freshText(moment, () => replay.compared),
          struckText(moment, ledger, dyes),
          card(written, dyes, (element) => this.#tell(element)),
          layer({ above: true, class: 'cm-carets', update: () => true, markers: (view) => this.#carets(view) }),
          EditorView.domEventHandlers({ click: ({ target }) => this.#take(target), keydown: ({ key, target }) => key === 'Enter' && this.#take(target) }),
          extras,
        ],
      }),
    })
    replay.shown.on((shown) => this.#show(shown))
  }

  /** Draws anew what is known of the same text. */
  redraw(): void {
    this.view.dispatch({ effects: redye.of(null) })
  }

  close(): void {
    this.view.destroy()
  }

  #show(moment: Moment): void {
    const changes = difference(this.#moment, moment)
    this.#moment = moment
    const name = moment.act === null ? '' : moment.chronicle.ledger.nameOf(moment.act.author)
    if (name !== this.#writer.name) this.#writer = { name, came: performance.now() }
    this.view.dispatch({ changes, effects: redye.of(null) })
    this.#follow(moment)
  }

  /** Turns the page to what just happened, unless that can be seen. */
  #follow({ act: done }: Moment): void {
    const { view } = this
    const now = performance.now()
    if (done === null || !this.replay.following || this.replay.unasked || !view.dom.isConnected || now - this.#turned < (this.replay.player.playing ? turnPause : 0)) return
    const box = view.coordsAtPos(Math.min(done.at, view.state.doc.length))
    const seen = box !== null && box.top > margin / 2 && box.bottom < window.innerHeight - margin
    if (seen) return
    this.#turned = now
    view.dispatch({ effects: EditorView.scrollIntoView(Math.min(done.at, view.state.doc.length), { y: 'center', yMargin: margin }) })
  }

  /** The caret of whoever wrote last. */
  #carets(view: EditorView): CaretMarker[] {
    const { act: done } = this.#moment
    if (done === null || done.at < view.viewport.from || done.at > view.viewport.to) return []
    const slot = this.dyes().get(done.author)?.slot
    return [CaretMarker.at(view, { head: done.at, ...this.#writer }, slot === undefined ? 'var(--soft)' : `var(--strong-${slot})`) ?? []].flat()
  }

  #tell(element: Element): HTMLElement[] | null {
    const struck = struckIn(element, this.#moment)
    return struck === null ? null : this.#told(struck)
  }

  /** Offers to bring back the struck text that was chosen. */
  #take(target: EventTarget | null): boolean {
    const struck = target instanceof Element ? struckIn(target, this.#moment) : null
    if (struck === null || this.restore === null) return false
    this.restore(struck)
    return true
  }

  #told({ numbers, deleter }: Struck): HTMLElement[] {
    const { chronicle } = this.#moment
    const { ledger } = chronicle
    const { client, clock } = chronicle.idOf(numbers[0] as number)
    const now = Date.now()
    const written = ledger.written(client, clock)?.value
    const deleted = ledger.deleted(client, clock)
    return [...(written === undefined ? [] : describe(written, ledger, this.dyes, now)), act(`deleted by ${ledger.nameOf(deleter)} `, deleted?.at ?? null, now)]
  }
}
