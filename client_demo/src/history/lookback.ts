/** An article's past: the page as it was at any moment, the timeline below it, and what can be brought back. */
import { EditorView } from '@codemirror/view'
import type { Identity } from '../api'
import { count } from '../ago'
import { AuthorsPanel } from '../authorspanel'
import { h } from '../dom'
import type { Dyebook } from '../dyebook'
import { later } from '../later'
import { OutlinePanel } from '../outlinepanel'
import { makeRail, type Rail } from '../rail'
import { addressOf } from '../routes'
import type { Written } from '../spans'
import { Archive } from './archive'
import { Comparing } from './comparing'
import { DeletionsPanel } from './deletionspanel'
import { foresee } from './foresight'
import './history.css'
import { pressed } from './keys'
import type { Look } from './lastlook'
import { Past } from './past'
import { PastView } from './pastview'
import { Replay } from './replay'
import { Restoring } from './restoring'
import { RevisionsPanel } from './revisionspanel'
import { SectionPicker } from './sections'
import { Timeline } from './timeline'

export class LookBack {
  readonly rail: Rail
  readonly outline: OutlinePanel
  readonly timeline: Timeline
  readonly past: Past
  readonly replay: Replay
  readonly view: EditorView
  /** The text that is shown, and who wrote it. */
  readonly written: Written & { readonly known: boolean }
  readonly authors: AuthorsPanel
  readonly #shown: PastView
  readonly #revisions: RevisionsPanel
  readonly #deletions: DeletionsPanel
  readonly #comparing: Comparing
  readonly #restoring: Restoring
  #loaded: Promise<boolean> | null = null
  /** The past is here. */
  ready = false

  constructor(
    readonly slug: string,
    readonly identity: Identity | null,
    readonly dyebook: Dyebook,
    look: Look | null,
  ) {
    const archive = new Archive(slug, identity?.token ?? null)
    const { dyes } = dyebook
    this.past = new Past(archive)
    this.replay = new Replay(this.past)
    this.written = writtenIn(this.replay, () => this.ready)
    this.#restoring = new Restoring(archive, (seq, words) => void this.#restored(seq, words))
    this.#shown = new PastView(this.replay, dyes, identity && ((struck) => this.#restoring.passage({ ids: this.past.chronicle.runsOf(struck.numbers), text: struck.text })), EditorView.updateListener.of(({ docChanged }) => docChanged && this.#follow()))
    this.view = this.#shown.view
    this.view.dom.classList.add('opening')
    this.#revisions = new RevisionsPanel(archive, identity, {
      go: ({ seq }) => void this.replay.go(seq),
      compare: ({ seq }) => (this.replay.compare(seq), void this.replay.go(this.past.head)),
      restore: (revision) => this.#restoring.revision(revision, foresee(this.past, revision.seq)),
      timeOf: ({ seq }) => this.past.course.timeOf(seq),
    })
    this.#deletions = new DeletionsPanel(archive, dyes, identity && ((deletion) => this.#restoring.passage(deletion)))
    this.rail = makeRail('past-rail', 'Authors, revisions and what was deleted', 'Revisions', [this.#revisions.element, h('section', {}, this.#deletions.element)])
    this.authors = new AuthorsPanel(this.rail, this.view, this.written, dyes, true)
    this.outline = new OutlinePanel(this.view, () => undefined)
    this.timeline = new Timeline(this.replay, dyes, (seq) => this.#linkTo(seq), [new SectionPicker(this.view, this.replay).element])
    this.#comparing = new Comparing(this.replay, look, identity?.author.id ?? null)
    this.timeline.element.prepend(this.#comparing.element)
    this.#listen()
  }

  /** Shows the moment that the address names, or the last one; true when the past is here. */
  async visit(hash: string): Promise<boolean> {
    this.#loaded ??= this.#load()
    if (!(await this.#loaded)) return false
    const [, seq] = /^#seq=(\d+)$/.exec(hash) ?? []
    if (seq === undefined) this.replay.keepUp()
    else await this.replay.go(Number(seq))
    return true
  }

  /** Others have written: learns what. */
  readonly refreshLater = later(() => void this.#refresh(), 4000)

  /** Does what a key asks for; true when it was one of the timeline's. */
  pressed(event: KeyboardEvent): boolean {
    return pressed(event, this.replay)
  }

  /** Stops playing while something else is looked at. */
  leave(): void {
    this.replay.player.pause()
  }

  close(): void {
    this.leave()
    this.timeline.close()
    this.past.close()
    this.#shown.close()
  }

  #listen(): void {
    const { replay, past, timeline } = this
    past.progress.on((share) => this.ready || timeline.say(`Reading the history, ${Math.round(share * 100)} %`))
    past.grown.on(() => this.#learn())
    replay.shown.on(({ seq }) => this.#revisions.stand(seq, past.head))
    replay.rested.on(() => this.#address())
    replay.failed.on((error) => timeline.say(error instanceof Error ? error.message : String(error)))
    this.#revisions.listed.on((revisions) => timeline.scrubber.flag(revisions.filter(({ label }) => label !== '').map(({ seq, label }) => ({ seq, label }))))
    this.authors.chosen.on((author) => replay.look({ ...replay.lens, author }))
  }

  async #load(): Promise<boolean> {
    this.timeline.say('Reading the history …')
    try {
      await this.past.load()
    } catch (error) {
      this.#loaded = null
      const again = h('button', { type: 'button', onclick: () => void this.visit(location.hash) }, 'Try again')
      this.timeline.say(error instanceof Error ? error.message : String(error), ' ', again)
      return false
    }
    this.timeline.say()
    this.ready = true
    this.view.dom.classList.remove('opening')
    void this.#revisions.load()
    this.authors.redraw()
    return true
  }

  async #refresh(): Promise<void> {
    const atHead = this.replay.seq === this.past.head && !this.replay.player.playing
    await this.past.load().catch(() => undefined) // the state line tells when the server is away
    if (atHead) this.replay.keepUp()
  }

  #learn(): void {
    if (this.dyebook.learn(this.past.chronicle.ledger.people)) this.#shown.redraw()
    this.#comparing.draw()
  }

  #follow(): void {
    this.authors.redrawLater()
    this.outline.drawLater()
  }

  #linkTo(seq: number): string {
    return `${location.origin}${addressOf(this.slug, 'history')}#seq=${seq}`
  }

  /** The address names the moment where one stops; the last one needs no name. */
  #address(): void {
    const { seq, past } = this.replay
    const hash = seq === past.head ? '' : `#seq=${seq}`
    if (location.pathname.endsWith('/history') && location.hash !== hash) history.replaceState(history.state, '', `${location.pathname}${hash}`)
  }

  async #restored(seq: number, words: string): Promise<void> {
    this.timeline.say(`${words}, as edit ${count(seq)}.`)
    await this.past.load()
    this.replay.compare(seq - 1)
    await this.replay.go(seq)
    void this.#revisions.load()
    void this.#deletions.load()
  }
}

/** What is shown now, whenever one asks. */
function writtenIn(replay: Replay, known: () => boolean): Written & { readonly known: boolean } {
  return {
    ledger: replay.past.chronicle.ledger,
    get order() {
      return replay.moment
    },
    get known() {
      return known()
    },
  }
}
