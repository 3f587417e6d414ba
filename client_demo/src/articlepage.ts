/** One article on the single page, to write or to look back; what happens to it live is shown around the text. */
import type { EditorView } from '@codemirror/view'
import { ArticleBar } from './articlebar'
import { syncAddress, type Identity } from './api'
import { fill, h } from './dom'
import { Dyebook } from './dyebook'
import { Archive } from './history/archive'
import { DeletionsPanel } from './history/deletionspanel'
import { LastLook } from './history/lastlook'
import { LookBack } from './history/lookback'
import { Restoring } from './history/restoring'
import { later } from './later'
import type { Exits } from './personmenu'
import { guestsOf, watchGuests, type Guest } from './presence'
import { openProbe } from './probe'
import { isShortcut } from './rail'
import { readRefusal } from './refusal'
import { Refusals } from './refusals'
import { Replica } from './replica'
import type { Mode } from './routes'
import { stateLine, type StateLine } from './stateline'
import { Writing } from './writing'

export interface OpenArticle {
  readonly slug: string
  turn(mode: Mode): Promise<unknown>
  close(): void
}

/** Draws the article into `app`. */
export function drawArticle(app: HTMLElement, slug: string, mode: Mode, identity: Identity | null, exits: Exits): OpenArticle {
  const page = new ArticlePage(app, slug, identity, exits)
  page.open(mode)
  return page
}

class ArticlePage implements OpenArticle {
  readonly #replica: Replica
  readonly #dyebook = new Dyebook()
  readonly #bar: ArticleBar
  readonly #refusals: Refusals
  readonly #writing: Writing
  readonly #desk = h('div', { class: 'desk' })
  readonly #lastLook: LastLook
  /** The past, once somebody has looked at it. */
  #past: LookBack | null = null
  #mode: Mode = 'write'
  /** Acquaintances when the colours were last drawn. */
  #met = -1

  constructor(
    readonly app: HTMLElement,
    readonly slug: string,
    readonly identity: Identity | null,
    exits: Exits,
  ) {
    this.#replica = new Replica(syncAddress(), slug, identity)
    this.#lastLook = new LastLook(identity?.author.id ?? null, slug)
    this.#bar = new ArticleBar(slug, identity, { ...exits, recoloured: (now) => this.#introduce(now) })
    this.#refusals = new Refusals(app, slug, identity, this.#replica, exits.signIn)
    this.#writing = new Writing(this.#replica, this.#dyebook, identity !== null, () => this.#edge(), [h('section', {}, this.#deletions().element)])
  }

  open(mode: Mode): void {
    fill(this.app, this.#bar.element, this.#refusals.banner, this.#desk)
    this.#listen()
    const laid = this.turn(mode)
    this.#writing.authors.redraw()
    this.#stand()
    this.#refusals.inquire()
    void laid.then(() => this.#replica.open()).then(() => {
      this.#bar.entitle(this.#replica.title)
      this.#writing.outline.draw()
    })
  }

  /** Resolves when what the mode shows is here. */
  async turn(mode: Mode): Promise<unknown> {
    this.#mode = mode
    if (mode === 'history') return this.#lookBack()
    this.#past?.leave()
    return this.#lay(this.#writing, null)
  }

  /** The page stays as it is until the past is here. */
  async #lookBack(): Promise<unknown> {
    const past = (this.#past ??= new LookBack(this.slug, this.identity, this.#dyebook, this.#lastLook.get()))
    if (!past.ready) this.#lay(this.#replica.known ? this.#writing : past, past.timeline.element)
    return past.visit(location.hash).then((here) => here && this.#mode === 'history' && this.#lay(past, past.timeline.element))
  }

  #lay({ outline, view, rail }: Writing | LookBack, below: HTMLElement | null): void {
    this.#bar.turn(this.#mode, rail.opener)
    this.app.classList.toggle('past', below !== null)
    this.#probe(view)
    fill(this.#desk, outline.element, h('main', { class: 'paper' }, view.dom), rail.element, below)
  }

  #deletions(): DeletionsPanel {
    const archive = new Archive(this.slug, this.identity?.token ?? null)
    const restoring = new Restoring(archive, (_seq, words) => panel.tell(`${words}.`))
    const panel: DeletionsPanel = new DeletionsPanel(archive, this.#dyebook.dyes, this.identity && ((deletion) => restoring.passage(deletion)))
    return panel
  }

  #probe(view: EditorView): void {
    const past = view === this.#past?.view ? this.#past : null
    openProbe(view, this.#replica.doc, past?.written ?? this.#replica, this.#dyebook.dyes, () => this.#line().text, () => past?.replay.seq ?? null)
  }

  close(): void {
    document.removeEventListener('keydown', this.#pressed)
    window.removeEventListener('pagehide', this.#leaving)
    this.#refusals.close()
    this.app.classList.remove('past')
    this.#leaving()
    this.#past?.close()
    delete window.palimpsest
    this.#replica.socket.disconnect()
    this.#writing.close()
    void this.#replica.keep().finally(() => this.#replica.close())
    this.#dyebook.close()
  }

  #listen(): void {
    const { socket, attributed, changed, stored } = this.#replica
    attributed.on(() => this.#recolour())
    changed.on(() => this.#stand())
    stored.on(() => this.#refusals.endWaiting())
    socket.refused.on((reason) => this.#refusals.hear(readRefusal(reason)))
    socket.read.on(() => this.#mode === 'history' && this.#past?.refreshLater())
    socket.unopened.on(later(() => this.#refusals.inquire(), 1500))
    this.#refusals.changed.on(() => this.#stand())
    this.#refusals.entitled.on((title) => this.#bar.entitle(title))
    if (this.identity !== null) this.#introduce(this.identity)
    watchGuests(this.#replica, (guests) => this.#welcome(guests))
    document.addEventListener('keydown', this.#pressed)
    window.addEventListener('pagehide', this.#leaving)
  }

  /** Where the text comes out below what stands at the top, in pixels. */
  #edge(): number {
    const lowest = this.#refusals.banner.hidden ? this.#bar.element : this.#refusals.banner
    return lowest.getBoundingClientRect().bottom
  }

  readonly #pressed = (event: KeyboardEvent): void => {
    const { authors } = this.#mode === 'history' && this.#past !== null ? this.#past : this.#writing
    if (this.#mode === 'history' && this.#past?.pressed(event)) event.preventDefault()
    else if (isShortcut(event)) {
      event.preventDefault()
      authors.toggle()
    } else if (event.key === 'Escape') authors.choose(null)
  }

  readonly #leaving = (): void => {
    void this.#replica.keep()
    this.#lastLook.keep({ seq: Math.max(this.#replica.seq, this.#past?.past.head ?? 0), at: Date.now() })
  }

  #recolour(): void {
    const { ledger, socket } = this.#replica
    const met = ledger.acquaintances !== this.#met && this.#dyebook.learn(ledger.people)
    this.#met = ledger.acquaintances
    if (met) this.#welcome(guestsOf(socket.awareness.getStates()))
    this.#writing.recolour(met)
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
    this.#bar.welcome(guests, me, this.#dyebook.dyes)
    this.#writing.welcome(guests, me)
  }

  /** Draws the state line and lets the person write, or not. */
  #stand(): void {
    this.#bar.state(this.#line())
    this.#writing.permit(this.#replica.known && this.#refusals.frozen === null)
  }

  #line(): StateLine {
    const { socket, pending, keeping, known } = this.#replica
    const { frozen, troubled } = this.#refusals
    return stateLine({ connected: socket.connected, synced: socket.synced, pending, keeping, readonly: frozen, troubled, known })
  }
}
