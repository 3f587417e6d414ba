/** Asks before something is brought back: says what will happen, does it, and tells what came of it. */
import { count, exactly } from '../ago'
import { fill, h } from '../dom'
import type { Archive, Deletion, Revision, Wish } from './archive'
import type { Foreseen } from './foresight'

/** A passage is shown up to so many UTF-16 units. */
const shownLength = 600

export class Restoring {
  /** `done` hears of the edit that brought something back, and of what, in words. */
  constructor(
    readonly archive: Archive,
    readonly done: (seq: number, words: string) => void,
  ) {}

  revision(revision: Revision, { at, sections, back, gone }: Foreseen): void {
    const name = titleOf(revision)
    const section = h('select', { id: 'restore-section' }, h('option', { value: '' }, 'The whole article'), ...sections.map((title) => h('option', { value: title }, title)))
    const says = h('p', {})
    const tell = (): void => fill(says, section.value === '' ? foretold(back, gone) : 'The section becomes what it was then; if it is not there now, it comes back where it stood. The rest stays as it is.')
    section.addEventListener('change', tell)
    tell()
    const wish = (): Wish => ({ revision: revision.number, ...(section.value === '' ? {} : { section: section.value }) })
    const words = (): string => (section.value === '' ? `“${name}” is back` : `“${section.value}” is back as it was in “${name}”`)
    this.#ask(`Bring back “${name}”?`, [h('p', {}, `As it was on ${exactly(at)}, after edit ${count(revision.seq)}.`), ...(sections.length > 0 ? [h('label', { for: 'restore-section' }, 'What'), section] : []), says], wish, words)
  }

  passage({ ids, text }: Pick<Deletion, 'ids' | 'text'>): void {
    const passage = h('blockquote', { class: 'restore-passage', dir: 'auto' }, text.length > shownLength ? `${text.slice(0, shownLength)} …` : text)
    this.#ask('Bring this passage back?', [passage, h('p', {}, 'It comes back where it stood, in the names of those who wrote it.')], () => ({ passage: ids }), () => 'The passage is back')
  }

  #ask(title: string, told: readonly HTMLElement[], wish: () => Wish, words: () => string): void {
    const message = h('p', { class: 'form-message', role: 'alert' })
    const submit = h('button', { type: 'submit', class: 'primary' }, 'Bring it back')
    const send = async (event: Event): Promise<void> => {
      event.preventDefault()
      submit.disabled = true
      fill(message)
      try {
        const seq = await this.archive.restore(wish())
        dialog.close()
        this.done(seq, words())
      } catch (error) {
        fill(message, error instanceof Error ? error.message : String(error))
      } finally {
        submit.disabled = false
      }
    }
    const promise = h('p', { class: 'aside' }, 'This is a new edit in your name. Every character keeps its author, nothing is taken from the history, and others can go on writing.')
    const ways = h('p', { class: 'dialog-ways' }, h('button', { type: 'button', onclick: () => dialog.close() }, 'Cancel'), submit)
    const dialog: HTMLDialogElement = h('dialog', { 'aria-labelledby': 'restore-title', onclose: () => dialog.remove() }, h('form', { onsubmit: send }, h('h2', { id: 'restore-title' }, title), ...told, promise, message, ways))
    document.body.append(dialog)
    dialog.showModal()
  }
}

/** What a revision is called. */
export function titleOf({ label, number }: Revision): string {
  return label === '' ? `Revision ${number}` : label
}

function foretold(back: number, gone: number): string {
  if (back + gone === 0) return 'The article is now as it was then: nothing would change.'
  const parts = [back > 0 && `${units(back)} come back`, gone > 0 && `${units(gone)} written since go`].filter(Boolean)
  return `The article becomes what it was then: ${parts.join(', ')}.`
}

function units(number: number): string {
  return number === 1 ? '1 character' : `${count(number)} characters`
}
