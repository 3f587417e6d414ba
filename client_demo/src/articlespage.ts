/** The list of articles, and the way to a new one. */
import { createArticle, listArticles, Problem, type Article, type Identity } from './api'
import { ago, exactly } from './ago'
import { fill, h } from './dom'
import { disc } from './initials'
import { personMenu, type Exits } from './personmenu'
import { addressOf, go } from './routes'
import { slugOf } from './slug'

export function drawArticles(app: HTMLElement, identity: Identity | null, exits: Exits): void {
  const list = h('ul', { class: 'articles' }, ...Array.from({ length: 3 }, () => h('li', { class: 'article-row waiting', 'aria-hidden': 'true' })))
  const message = h('p', { class: 'form-message', role: 'alert' })
  const find = h('input', { type: 'search', class: 'find', placeholder: 'Find an article', 'aria-label': 'Find an article by its title' })
  const dialog = identity === null ? null : newArticle(identity)
  fill(
    app,
    h('header', { class: 'bar' }, h('a', { class: 'brand', href: '/' }, 'Palimpsest'), h('span', { class: 'bar-space' }), personMenu(identity, exits)),
    h(
      'main',
      { class: 'sheet' },
      h('div', { class: 'list-head' }, h('h1', {}, 'Articles'), h('span', { class: 'bar-space' }), find, newButton(dialog, exits)),
      message,
      list,
      dialog,
    ),
  )
  const load = async (): Promise<void> => {
    try {
      const articles = await listArticles(identity?.token ?? null)
      const show = (): void => drawRows(list, articles, find.value, Date.now())
      find.addEventListener('input', show)
      show()
    } catch (error) {
      fill(list)
      fill(message, error instanceof Error ? error.message : String(error), ' ', h('button', { type: 'button', onclick: () => void load() }, 'Try again'))
      if (error instanceof Problem && error.status === 401) exits.signOut()
    }
  }
  void load()
}

function newButton(dialog: HTMLDialogElement | null, exits: Exits): HTMLElement {
  const open = (): void => (dialog === null ? exits.signIn() : dialog.showModal())
  return h('button', { type: 'button', class: 'primary', onclick: open }, 'New article')
}

/** The articles whose title holds every word of `wanted`, last changed first. */
export function matching(articles: readonly Article[], wanted: string): Article[] {
  const words = wanted.toLowerCase().split(/\s+/).filter(Boolean)
  const fits = ({ title, slug }: Article): boolean => words.every((word) => `${title} ${slug}`.toLowerCase().includes(word))
  return articles.filter(fits).sort((a, b) => Date.parse(b.changed_at) - Date.parse(a.changed_at))
}

function drawRows(list: HTMLElement, articles: readonly Article[], wanted: string, now: number): void {
  const rows = matching(articles, wanted)
  const nothing = articles.length === 0 ? 'No articles yet. Begin one with “New article”.' : 'No title has these words.'
  fill(list, ...(rows.length === 0 ? [h('li', { class: 'empty' }, nothing)] : rows.map((article) => row(article, now))))
}

function row({ slug, title, changed_at, created_by, visibility }: Article, now: number): HTMLElement {
  const at = Date.parse(changed_at)
  return h(
    'li',
    { class: 'article-row' },
    h('a', { href: addressOf(slug) }, title),
    h(
      'p',
      { class: 'article-about' },
      disc(created_by.name, undefined, created_by.colour),
      h('span', {}, `begun by ${created_by.name}`),
      h('span', {}, 'changed ', h('time', { datetime: changed_at, title: exactly(at) }, ago(at, now))),
      visibility === 'private' && h('span', { class: 'badge' }, 'private'),
    ),
  )
}

function newArticle({ token }: Identity): HTMLDialogElement {
  const title = h('input', { id: 'title', name: 'title', required: true, maxlength: 200, autocomplete: 'off' })
  const slug = h('input', { id: 'slug', name: 'slug', required: true, maxlength: 80, pattern: '[a-z0-9]+(-[a-z0-9]+)*', title: 'Lower-case letters, digits and single hyphens', autocomplete: 'off', spellcheck: 'false' })
  const message = h('p', { class: 'form-message', role: 'alert' })
  let own = false
  title.addEventListener('input', () => own || (slug.value = slugOf(title.value)))
  slug.addEventListener('input', () => (own = slug.value !== ''))
  const send = async (event: Event): Promise<void> => {
    event.preventDefault()
    try {
      const article = await createArticle(token, slug.value, title.value.trim())
      dialog.close()
      go(addressOf(article.slug, 'write'))
    } catch (error) {
      fill(message, error instanceof Error ? error.message : String(error))
    }
  }
  const dialog: HTMLDialogElement = h(
    'dialog',
    { 'aria-labelledby': 'new-article' },
    h(
      'form',
      { onsubmit: send },
      h('h2', { id: 'new-article' }, 'New article'),
      h('label', { for: 'title' }, 'Title'),
      title,
      h('label', { for: 'slug' }, 'Address ', h('span', { class: 'optional' }, '/articles/…')),
      slug,
      message,
      h('p', { class: 'dialog-ways' }, h('button', { type: 'button', onclick: () => dialog.close() }, 'Cancel'), h('button', { type: 'submit', class: 'primary' }, 'Create')),
    ),
  )
  return dialog
}
