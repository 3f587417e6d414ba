/** One article, to read or to write; what happens to it live is shown around the text. */
import { EditorView } from '@codemirror/view'
import { getArticle, Problem, syncAddress, type Identity } from './api'
import { drawBanner } from './banner'
import { describe } from './card'
import { coloursWanted, keepColours } from './choices'
import { look, redye } from './colours'
import { fill, h } from './dom'
import { Dyebook } from './dyebook'
import { openEditor } from './editor'
import { later } from './later'
import { drawLegend, rowsOf } from './legend'
import { outlineOf } from './outline'
import { personMenu, type Exits } from './personmenu'
import { drawDiscs, drawNames, watchGuests } from './presence'
import { openProbe } from './probe'
import { isShortcut, makeRail } from './rail'
import { readRefusal, type Refusal } from './refusal'
import { Replica } from './replica'
import { go } from './routes'
import { markAt, shares } from './spans'
import { stateLine } from './stateline'

/** Draws the article; the answer closes it. */
export function drawArticle(app: HTMLElement, slug: string, identity: Identity | null, exits: Exits): () => void {
  const replica = new Replica(syncAddress(), slug, identity)
  const dyebook = new Dyebook()
  const rail = makeRail()
  const me = identity?.author ?? null
  let writing = identity !== null
  let chosen: string | null = null
  let coloured = coloursWanted(writing)
  let refusal: Refusal | null = null

  const title = h('h1', { class: 'bar-title' }, '\u00a0')
  const state = h('p', { class: 'state', role: 'status' })
  const banner = h('div', { class: 'banner', role: 'alert', hidden: true })
  const discs = h('div', { class: 'discs', role: 'img' })
  const modes = (['Read', 'Write'] as const).map((mode) => h('button', { type: 'button', onclick: () => turn(mode === 'Write') }, mode))
  const outline = h('ol', {})

  const editor = openEditor(replica, dyebook.dyes, EditorView.updateListener.of((update) => {
    if (update.docChanged) (drawSharesLater(), drawOutlineLater())
    if (update.selectionSet || update.docChanged) drawCaretLater()
  }))
  const { view } = editor

  const frozen = (): string | null => {
    if (identity === null) return 'sign in to write'
    if (refusal !== null && refusal.remedy !== 'none') return refusal.code === 'unknown-article' ? 'no such article' : 'not accepted'
    return null
  }
  const line = (): { tone: string; text: string } =>
    stateLine({ connected: replica.socket.connected, synced: replica.socket.synced, pending: replica.pending, readonly: frozen(), known: replica.known })

  const drawState = (): void => {
    const { tone, text } = line()
    if (state.textContent !== text) fill(state, h('span', { class: 'state-dot' }), text)
    state.dataset['tone'] = tone
    view.dom.classList.toggle('opening', !replica.known)
  }
  const permitted = { now: false }
  const permit = (): void => {
    const may = writing && replica.known && frozen() === null
    if (permitted.now !== may) editor.permit((permitted.now = may))
    rail.element.classList.toggle('reading', !writing)
    modes.forEach((button, number) => button.setAttribute('aria-pressed', String((number === 1) === writing)))
  }
  const turn = (toWriting: boolean): void => {
    if (toWriting && identity === null) return exits.signIn()
    writing = toWriting
    permit()
    if (toWriting) view.focus()
  }
  const choose = (id: string | null): void => {
    chosen = id
    redraw()
  }
  const redraw = (): void => {
    view.dispatch({ effects: look.of({ on: coloured, chosen }) })
    rail.colours.setAttribute('aria-checked', String(coloured))
    drawShares()
  }
  const toggleColours = (): void => {
    coloured = !coloured
    keepColours(coloured)
    redraw()
  }
  const drawShares = (): void => drawLegend(rail.legend, rowsOf(shares(replica.order, replica.ledger), replica.ledger), chosen, dyebook.dyes, choose)
  const drawCaret = (): void => {
    const { head } = view.state.selection.main
    const mark = markAt(replica.order, replica.ledger, Math.max(0, head - 1))
    const waiting = view.state.doc.length === 0 ? 'Nothing is written here yet.' : 'Not stored yet.'
    fill(rail.caret, ...(mark === null ? [h('span', { class: 'empty' }, waiting)] : describe(mark, replica, dyebook.dyes, Date.now())))
  }
  const drawOutline = (): void => {
    const headings = outlineOf(view.state.doc)
    fill(outline, ...headings.map(({ level, title, from }) => h('li', { style: `--level:${level}` }, h('button', { type: 'button', onclick: () => jump(from) }, title))))
  }
  const jump = (from: number): void => {
    view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'start', yMargin: 72 }) })
    if (writing) view.focus()
  }
  const drawSharesLater = later(drawShares, 400)
  const drawOutlineLater = later(drawOutline, 600)
  const drawCaretLater = later(drawCaret, 120)

  const refuse = (said: Refusal): void => {
    if (identity === null && said.code === 'read-only') return
    refusal = said
    drawBanner(banner, refusal, {
      copyText: () => navigator.clipboard.writeText(replica.text.toString()),
      reload: async () => {
        await replica.forget()
        location.reload()
      },
      signIn: exits.signIn,
      back: () => go('/'),
    })
    permit()
    drawState()
  }

  /** A browser does not say why a socket was refused; the article's own address does. */
  const inquire = later(() => {
    getArticle(identity?.token ?? null, slug).then(
      (article) => {
        replica.title = article.title
        title.textContent = document.title = article.title
      },
      (error: unknown) => {
        if (!(error instanceof Problem)) return
        if (error.status === 404 || error.status === 401 || error.status === 403) replica.socket.disconnect()
        refuse(readRefusal(`${error.status === 401 ? 'bad-token' : error.status === 404 ? 'unknown-article' : error.code}: ${error.message}`))
      },
    )
  }, 0)

  replica.attributed.on(() => {
    dyebook.learn(replica.ledger.people)
    view.dispatch({ effects: redye.of(null) })
    drawSharesLater()
    drawCaretLater()
  })
  replica.changed.on(() => (drawState(), permit()))
  replica.socket.refused.on((reason) => refuse(readRefusal(reason)))
  replica.socket.unopened.on(later(inquire, 1500))
  if (me !== null) replica.socket.awareness.setLocalStateField('user', { id: me.id, name: me.name, color: me.colour, colorLight: `${me.colour}33` })
  watchGuests(replica, (guests) => {
    const writers = guests.filter(({ id }) => id !== me?.id)
    drawDiscs(discs, writers, dyebook.dyes)
    drawNames(rail.here, guests, me?.id ?? null, dyebook.dyes)
  })

  const recoloured = (now: Identity): void => {
    replica.ledger.people.set(now.author.id, now.author)
    replica.socket.awareness.setLocalStateField('user', { id: now.author.id, name: now.author.name, color: now.author.colour, colorLight: `${now.author.colour}33` })
    replica.attributed.emit()
  }
  fill(
    app,
    h(
      'header',
      { class: 'bar' },
      h('a', { class: 'brand', href: '/', 'aria-label': 'All articles' }, 'Palimpsest'),
      title,
      h('div', { class: 'modes', role: 'group', 'aria-label': 'Read or write' }, ...modes),
      discs,
      state,
      rail.opener,
      personMenu(identity, { ...exits, recoloured }),
    ),
    banner,
    h('div', { class: 'desk' }, h('nav', { class: 'outline', 'aria-label': 'Sections' }, outline), h('main', { class: 'paper' }, view.dom), rail.element),
  )
  const onKey = (event: KeyboardEvent): void => {
    if (isShortcut(event)) (event.preventDefault(), toggleColours())
    if (event.key === 'Escape' && chosen !== null) choose(null)
  }
  const beforeLeaving = (): void => void replica.keep()
  rail.colours.addEventListener('click', toggleColours)
  document.addEventListener('keydown', onKey)
  window.addEventListener('pagehide', beforeLeaving)
  openProbe(view, replica, dyebook.dyes, () => line().text)
  redraw()
  drawState()
  permit()
  void replica.open().then(() => {
    if (title.textContent?.trim() === '' && replica.title !== '') title.textContent = document.title = replica.title
    drawOutline()
  })
  inquire()
  return () => {
    document.removeEventListener('keydown', onKey)
    window.removeEventListener('pagehide', beforeLeaving)
    delete window.palimpsest
    view.destroy()
    void replica.keep().finally(() => replica.close())
    dyebook.close()
  }
}
