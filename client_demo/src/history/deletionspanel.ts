/** "Recently deleted": passages, who wrote them, who deleted them and when; any of them can be brought back. */
import { ago, exactly } from '../ago'
import type { Dyes } from '../colours'
import { fill, h } from '../dom'
import type { Archive, Deletion } from './archive'

/** A passage is shown up to so many code points. */
const shownLength = 180

export class DeletionsPanel {
  readonly element: HTMLDetailsElement
  readonly #list = h('ol', { class: 'deletions' })
  readonly #more = h('button', { type: 'button', class: 'fold-more quiet', hidden: true, onclick: () => void this.#load(this.#next) }, 'Show earlier ones')
  readonly #message = h('p', { class: 'form-message', role: 'alert' })
  readonly #told = h('p', { class: 'deletions-told', role: 'status' })
  #deletions: readonly Deletion[] = []
  #next: string | null = null
  readonly #names = new Map<string, string>()

  /** `restore` brings a passage back; null where nobody has signed in. */
  constructor(
    readonly archive: Archive,
    readonly dyes: Dyes,
    readonly restore: ((deletion: Deletion) => void) | null,
  ) {
    this.element = h('details', { class: 'rail-fold', ontoggle: () => this.element.open && void this.load() }, h('summary', {}, h('h2', {}, 'Recently deleted')), this.#message, this.#told, this.#list, this.#more)
  }

  /** Tells what came of bringing something back, and asks anew. */
  tell(words: string): void {
    fill(this.#told, words)
    void this.load()
  }

  /** Asks for the newest deletions, if anybody looks. */
  async load(): Promise<void> {
    if (this.element.open) await this.#load(null)
  }

  async #load(after: string | null): Promise<void> {
    try {
      const { rows, authors, next } = await this.archive.deletions(after)
      for (const { id, name } of Object.values(authors)) this.#names.set(id, name)
      this.#deletions = after === null ? rows : [...this.#deletions, ...rows]
      this.#next = next
      fill(this.#message)
      this.#draw()
    } catch (error) {
      fill(this.#message, error instanceof Error ? error.message : String(error))
    }
  }

  #draw(): void {
    fill(this.#list, ...(this.#deletions.length === 0 ? [h('li', { class: 'empty' }, 'Nothing was deleted here.')] : this.#deletions.map((deletion) => this.#row(deletion))))
    this.#more.hidden = this.#next === null
  }

  #row(deletion: Deletion): HTMLElement {
    const { spans, deleted_by, deleted_at } = deletion
    const at = Date.parse(deleted_at)
    const writers = [...new Set(spans.map(({ author }) => this.#nameOf(author)))]
    const who = `${this.#nameOf(deleted_by)} deleted this `
    const by = ` · written by ${new Intl.ListFormat('en').format(writers)}`
    return h(
      'li',
      { class: 'deletion' },
      h('p', { class: 'deletion-text', dir: 'auto' }, ...this.#passage(deletion)),
      h('p', { class: 'deletion-about' }, who, h('time', { datetime: deleted_at, title: exactly(at) }, ago(at, Date.now())), by),
      this.restore !== null && h('button', { type: 'button', class: 'quiet small', onclick: () => this.restore?.(deletion) }, 'Bring back'),
    )
  }

  #nameOf(author: string): string {
    return this.#names.get(author) ?? 'Unknown author'
  }

  /** The beginning of the text, each part in its writer's tint. */
  #passage({ text, spans }: Deletion): (HTMLElement | string)[] {
    const points = [...text]
    const parts = spans
      .filter(({ start }) => start < shownLength)
      .map(({ start, length, author }) => {
        const slot = this.dyes().get(author)?.slot
        return h('span', { class: slot === undefined ? '' : `tinted by-${slot}` }, points.slice(start, Math.min(start + length, shownLength)).join(''))
      })
    return points.length > shownLength ? [...parts, ' …'] : parts
  }
}
