/** The revisions of an article, newest first: to go to, to compare with, to bring back; and a form to name the present state. */
import type { Identity } from '../api'
import { ago, count, exactly } from '../ago'
import { fill, h } from '../dom'
import { Signal } from '../signal'
import type { Archive, Revision, Share } from './archive'
import { titleOf } from './restoring'

/** Why the server made a revision by itself. */
const reasons: Readonly<Record<string, string>> = { quiet: 'after a quiet minute', work: 'during long work', left: 'when the last writer left', named: '' }

/** So many names are told, then a number. */
const namesTold = 3

export interface RevisionActs {
  go(revision: Revision): void
  compare(revision: Revision): void
  restore(revision: Revision): void
  /** When the article was like that, in Unix ms. */
  timeOf(revision: Revision): number
}

export class RevisionsPanel {
  readonly element: HTMLElement
  readonly listed = new Signal<readonly Revision[]>()
  readonly #list = h('ol', { class: 'revisions' })
  readonly #more = h('button', { type: 'button', class: 'fold-more quiet', hidden: true, onclick: () => void this.#load(this.#next) }, 'Show earlier ones')
  readonly #message = h('p', { class: 'form-message', role: 'alert' })
  #revisions: readonly Revision[] = []
  #next: string | null = null
  #seq = -1
  #naming: number | null = null
  readonly #summary = h('summary', {}, 'Name the present state')

  constructor(
    readonly archive: Archive,
    readonly identity: Identity | null,
    readonly acts: RevisionActs,
  ) {
    this.element = h('section', { class: 'revisions-section' }, h('h2', {}, 'Revisions'), identity !== null && this.#form(), this.#message, this.#list, this.#more)
  }

  /** Asks for the newest revisions. */
  load(): Promise<void> {
    return this.#load(null)
  }

  /** Marks the revision of the moment that is shown, which can be given a name. */
  stand(seq: number, head: number): void {
    this.#naming = seq === head || seq === 0 ? null : seq
    this.#summary.textContent = this.#naming === null ? 'Name the present state' : 'Name this moment'
    if (seq === this.#seq) return
    this.#seq = seq
    for (const button of this.#list.querySelectorAll('[data-seq]')) {
      if (button.getAttribute('data-seq') === String(seq)) button.setAttribute('aria-current', 'true')
      else button.removeAttribute('aria-current')
    }
  }

  async #load(after: string | null): Promise<void> {
    try {
      const { rows, next } = await this.archive.revisions(after)
      this.#revisions = after === null ? rows : [...this.#revisions, ...rows]
      this.#next = next
      fill(this.#message)
      this.#draw()
    } catch (error) {
      fill(this.#message, error instanceof Error ? error.message : String(error))
    }
  }

  #draw(): void {
    const none = h('li', { class: 'empty' }, 'None yet. The server makes one after a quiet minute.')
    fill(this.#list, ...(this.#revisions.length === 0 ? [none] : this.#revisions.map((revision) => this.#row(revision))))
    this.#more.hidden = this.#next === null
    this.#seq = -1
    this.listed.emit(this.#revisions)
  }

  #row(revision: Revision): HTMLElement {
    const { acts } = this
    const { seq, at, note, made_by, reason, doubt, authors } = revision
    const when = time(acts.timeOf(revision))
    const by = made_by === null ? [` ${reasons[reason] ?? ''}`] : [` · named by ${made_by.name} `, time(Date.parse(at))]
    const go = h('button', { type: 'button', class: 'revision-go', 'data-seq': seq, onclick: () => acts.go(revision) }, h('span', { class: 'revision-title', dir: 'auto' }, titleOf(revision)), h('span', { class: 'revision-about' }, when, ...by), h('span', { class: 'revision-about' }, work(authors)))
    const small = (words: string, act: () => void): HTMLElement => h('button', { type: 'button', class: 'quiet small', 'aria-label': `${words}: ${titleOf(revision)}`, onclick: act }, words)
    return h(
      'li',
      { class: made_by === null ? 'revision' : 'revision named' },
      go,
      note !== '' && h('p', { class: 'revision-note', dir: 'auto' }, note),
      doubt !== null && doubt !== undefined && h('p', { class: 'revision-doubt' }, `The server's checks of this revision differ (${doubt}).`),
      h('p', { class: 'revision-ways' }, small('Compare', () => acts.compare(revision)), this.identity !== null && small('Bring back', () => acts.restore(revision))),
    )
  }

  #form(): HTMLElement {
    const label = h('input', { id: 'revision-label', required: true, maxlength: 200, autocomplete: 'off', placeholder: 'Sent to reviewers' })
    const note = h('textarea', { id: 'revision-note', rows: 2, maxlength: 2000 })
    const message = h('p', { class: 'form-message', role: 'alert' })
    const send = async (event: Event): Promise<void> => {
      event.preventDefault()
      try {
        await this.archive.name(label.value.trim(), note.value.trim(), this.#naming)
        for (const field of [label, note]) field.value = ''
        fill(message)
        details.open = false
        await this.load()
      } catch (error) {
        fill(message, error instanceof Error ? error.message : String(error))
      }
    }
    const form = h('form', { onsubmit: send }, h('label', { for: 'revision-label' }, 'Name'), label, h('label', { for: 'revision-note' }, 'Note ', h('span', { class: 'optional' }, 'if you like')), note, message, h('button', { type: 'submit' }, 'Keep this name'))
    const details = h('details', { class: 'naming' }, this.#summary, form)
    return details
  }
}

function time(at: number): HTMLElement {
  return h('time', { datetime: new Date(at).toISOString(), title: exactly(at) }, ago(at, Date.now()))
}

/** "+1,204 −32 · Ada and Bruno": what was done since the revision before, and by whom. */
function work(authors: readonly Share[]): string {
  const busy = authors.filter(({ inserted, deleted }) => inserted + deleted > 0).sort((a, b) => b.inserted + b.deleted - a.inserted - a.deleted)
  if (busy.length === 0) return 'nothing new'
  const sum = (what: 'inserted' | 'deleted'): number => busy.reduce((total, author) => total + author[what], 0)
  const amounts = [sum('inserted') > 0 && `+${count(sum('inserted'))}`, sum('deleted') > 0 && `−${count(sum('deleted'))}`].filter(Boolean)
  const names = busy.slice(0, namesTold).map(({ name }) => name)
  if (busy.length > namesTold) names.push(`${busy.length - namesTold} more`)
  return `${amounts.join(' ')} · ${new Intl.ListFormat('en').format(names)}`
}
