/** One article, to read or to write; what happens to it live is shown around the text. */
import { EditorView, type ViewUpdate } from '@codemirror/view'
import { getArticle, Problem, syncAddress, type Article, type Identity } from './api'
import { AuthorsPanel } from './authorspanel'
import { drawBanner } from './banner'
import { describe } from './card'
import { redye } from './colours'
import { fill, h } from './dom'
import { Dyebook } from './dyebook'
import { openEditor, type Editor } from './editor'
import { later } from './later'
import { outlineOf } from './outline'
import { personMenu, type Exits } from './personmenu'
import { drawDiscs, drawNames, guestsOf, watchGuests, type Guest } from './presence'
import { openProbe } from './probe'
import { isShortcut, makeRail } from './rail'
import { isFinal, isPassing, readRefusal, type Refusal } from './refusal'
import { Replica } from './replica'
import { go } from './routes'
import { markAt } from './spans'
import { stateLine, type StateLine } from './stateline'

/** Draws the article into `app`; the answer closes it. */
export function drawArticle(app: HTMLElement, slug: string, identity: Identity | null, exits: Exits): () => void {
  const page = new ArticlePage(app, slug, identity, exits)
  page.open()
  return () => page.close()
}

class ArticlePage {
  readonly #replica: Replica
  readonly #dyebook = new Dyebook()
  readonly #rail = makeRail()
  readonly #editor: Editor
  readonly #authors: AuthorsPanel
  readonly #title = h('h1', { class: 'bar-title' }, '\u00a0')
  readonly #state = h('p', { class: 'state', role: 'status' })
  readonly #banner = h('div', { class: 'banner', role: 'alert', hidden: true })
  readonly #discs = h('button', { type: 'button', class: 'discs', popovertarget: 'everybody' })
  readonly #everybody = h('ul', { class: 'here', tabindex: '0', 'aria-label': 'Here now' })
  readonly #outline = h('ol', {})
  readonly #modes = (['Read', 'Write'] as const).map((mode) => h('button', { type: 'button', onclick: () => this.#turn(mode === 'Write') }, mode))
  #writing: boolean
  #permitted = false
  /** The ledger's version and acquaintances when the colours were last drawn. */
  #drawn = -1
  #met = -1
  #refusal: Refusal | null = null

  constructor(
    readonly app: HTMLElement,
    readonly slug: string,
    readonly identity: Identity | null,
    readonly exits: Exits,
  ) {
    this.#writing = identity !== null
    this.#replica = new Replica(syncAddress(), slug, identity)
    this.#editor = openEditor(this.#replica, this.#dyebook.dyes, () => this.#edge(), EditorView.updateListener.of((update) => this.#followEdits(update)))
    this.#authors = new AuthorsPanel(this.#rail, this.#editor.view, this.#replica, this.#dyebook.dyes, this.#writing)
    openProbe(this.#editor.view, this.#replica, this.#dyebook.dyes, () => this.#line().text)
  }

  open(): void {
    this.#lay()
    this.#listen()
    this.#authors.redraw()
    this.#stand()
    this.#inquire()
    void this.#replica.open().then(() => {
      this.#entitle(this.#replica.title)
      this.#drawOutline()
    })
  }

  close(): void {
    document.removeEventListener('keydown', this.#pressed)
    window.removeEventListener('pagehide', this.#leaving)
    this.app.classList.remove('gone')
    document.documentElement.style.removeProperty('--banner')
    delete window.palimpsest
    this.#replica.socket.disconnect()
    this.#editor.view.destroy()
    void this.#replica.keep().finally(() => this.#replica.close())
    this.#dyebook.close()
  }

  #lay(): void {
    const { view } = this.#editor
    const recoloured = (now: Identity): void => this.#introduce(now)
    fill(
      this.app,
      h(
        'header',
        { class: 'bar' },
        h('a', { class: 'brand', href: '/', 'aria-label': 'Palimpsest: all articles' }, 'Palimpsest'),
        this.#title,
        this.#state,
        this.#discs,
        h('div', { class: 'menu-panel everybody', id: 'everybody', popover: 'auto' }, h('p', { class: 'menu-name' }, 'Here now'), this.#everybody),
        h('div', { class: 'modes', role: 'group', 'aria-label': 'Read or write' }, ...this.#modes),
        this.#rail.opener,
        personMenu(this.identity, { ...this.exits, recoloured }),
      ),
      this.#banner,
      h('div', { class: 'desk' }, h('nav', { class: 'outline', 'aria-label': 'Sections' }, this.#outline), h('main', { class: 'paper' }, view.dom), this.#rail.element),
    )
  }

  #listen(): void {
    const { socket, attributed, changed, stored } = this.#replica
    attributed.on(() => this.#recolour())
    changed.on(() => this.#stand())
    stored.on(() => this.#endWaiting())
    socket.refused.on((reason) => this.#refuse(readRefusal(reason)))
    socket.unopened.on(later(() => this.#inquire(), 1500))
    if (this.identity !== null) this.#introduce(this.identity)
    watchGuests(this.#replica, (guests) => this.#welcome(guests))
    document.addEventListener('keydown', this.#pressed)
    window.addEventListener('pagehide', this.#leaving)
  }

  /** Where the text comes out below what stands at the top, in pixels. */
  #edge(): number {
    const lowest = this.#banner.hidden ? this.#title.parentElement : this.#banner
    return lowest?.getBoundingClientRect().bottom ?? 0
  }

  readonly #pressed = (event: KeyboardEvent): void => {
    if (isShortcut(event)) {
      event.preventDefault()
      this.#authors.toggle()
    } else if (event.key === 'Escape') this.#authors.choose(null)
  }

  readonly #leaving = (): void => void this.#replica.keep()

  #followEdits({ docChanged, selectionSet }: ViewUpdate): void {
    if (docChanged) {
      this.#drawn = this.#replica.ledger.version
      this.#authors.redrawLater()
      this.#drawOutlineLater()
    }
    if (docChanged || selectionSet) this.#drawCaretLater()
  }

  /** Draws anew what the ledger now knows, unless new text has just been drawn with it. */
  #recolour(): void {
    const { ledger, socket } = this.#replica
    const met = ledger.acquaintances !== this.#met && this.#dyebook.learn(ledger.people)
    this.#met = ledger.acquaintances
    if (met) this.#welcome(guestsOf(socket.awareness.getStates()))
    if (met || ledger.version !== this.#drawn) this.#editor.view.dispatch({ effects: redye.of(null) })
    this.#drawn = ledger.version
    this.#authors.redrawLater()
    this.#drawCaretLater()
  }

  /** What the others see of this person; the server puts its own word over it. */
  #introduce({ author: { id, name, colour } }: Identity): void {
    const { ledger, socket, attributed } = this.#replica
    ledger.meet(id, { name, colour })
    socket.awareness.setLocalStateField('user', { id, name, color: colour, colorLight: `${colour}33` })
    attributed.emit()
  }

  #welcome(guests: readonly Guest[]): void {
    const me = this.identity?.author.id ?? null
    drawDiscs(this.#discs, guests.filter(({ id }) => id !== me), this.#dyebook.dyes)
    for (const list of [this.#rail.here, this.#everybody]) drawNames(list, guests, me, this.#dyebook.dyes)
  }

  /** Draws the state line and lets the person write, or not. */
  #stand(): void {
    const { tone, text } = this.#line()
    if (this.#state.textContent !== text) fill(this.#state, h('span', { class: 'state-dot' }), text)
    this.#state.dataset['tone'] = tone
    this.#editor.view.dom.classList.toggle('opening', !this.#replica.known)
    this.#rail.element.classList.toggle('reading', !this.#writing)
    this.#modes.forEach((button, number) => button.setAttribute('aria-pressed', String((number === 1) === this.#writing)))
    const may = this.#writing && this.#replica.known && this.#frozen() === null
    if (may !== this.#permitted) this.#editor.permit((this.#permitted = may))
  }

  #line(): StateLine {
    const { socket, pending, keeping, known } = this.#replica
    return stateLine({ connected: socket.connected, synced: socket.synced, pending, keeping, readonly: this.#frozen(), troubled: this.#refusal !== null && isPassing(this.#refusal), known })
  }

  /** Why nothing may be written here, null when it may. */
  #frozen(): string | null {
    if (this.#refusal !== null && isFinal(this.#refusal)) return this.#refusal.remedy === 'sign-in' ? 'sign in again' : 'not accepted'
    return this.identity === null ? 'sign in to write' : null
  }

  #turn(writing: boolean): void {
    if (writing && this.identity === null) return this.exits.signIn()
    this.#writing = writing
    this.#stand()
    if (writing) this.#editor.view.focus()
  }

  #refuse(said: Refusal | null): void {
    if (said !== null && this.identity === null && said.code === 'read-only') return
    this.#refusal = said
    drawBanner(this.#banner, said, {
      copyText: () => navigator.clipboard.writeText(this.#replica.text.toString()),
      reload: () => this.#replica.forget().then(() => location.reload()),
      signIn: this.exits.signIn,
      back: () => go('/'),
      dismiss: () => this.#refuse(null),
    })
    this.app.classList.toggle('gone', said?.remedy === 'back')
    if (said?.remedy === 'back') this.#entitle('No article here')
    document.documentElement.style.setProperty('--banner', `${this.#banner.offsetHeight}px`)
    this.#stand()
  }

  /** What only had to wait is forgotten when it is over. */
  #endWaiting(): void {
    if (this.#refusal !== null && isPassing(this.#refusal)) this.#refuse(null)
  }

  /** A browser does not say why a socket was refused; the article's own address does. */
  #inquire(): void {
    getArticle(this.identity?.token ?? null, this.slug).then(
      ({ title }: Article) => this.#entitle((this.#replica.title = title)),
      (error: unknown) => {
        if (!(error instanceof Problem) || error.status >= 500) return
        const said = readRefusal(`${error.code}: ${error.message}`)
        if (isFinal(said)) this.#replica.socket.disconnect()
        this.#refuse(said)
      },
    )
  }

  #entitle(title: string): void {
    if (title === '') return
    this.#title.textContent = this.#title.title = title
    document.title = `${title} · Palimpsest`
  }

  readonly #drawCaretLater = later(() => this.#drawCaret(), 120)

  #drawCaret(): void {
    const { view } = this.#editor
    const { order, ledger } = this.#replica
    const mark = markAt(order, ledger, Math.max(0, view.state.selection.main.head - 1))
    const nothing = order.length === 0 ? 'Nothing is written here yet.' : 'Not stored yet.'
    fill(this.#rail.caret, ...(mark === null ? [h('span', { class: 'empty' }, nothing)] : describe(mark, this.#replica, this.#dyebook.dyes, Date.now())))
  }

  readonly #drawOutlineLater = later(() => this.#drawOutline(), 600)

  #drawOutline(): void {
    const headings = outlineOf(this.#editor.view.state.doc)
    fill(this.#outline, ...headings.map(({ level, title, from }) => h('li', { style: `--level:${level}` }, h('button', { type: 'button', onclick: () => this.#jump(from) }, title))))
  }

  #jump(from: number): void {
    const { view } = this.#editor
    view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'start', yMargin: 72 }) })
    if (this.#writing) view.focus()
  }
}
