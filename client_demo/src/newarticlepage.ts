/** A new article: a title, and the address that follows from it. */
import { createArticle, type Identity } from './api'
import { fill, h } from './dom'
import { personMenu, type Exits } from './personmenu'
import { addressOf, go } from './routes'
import { slugOf } from './slug'

export function drawNewArticle(app: HTMLElement, identity: Identity, exits: Exits): void {
  const title = h('input', { id: 'title', name: 'title', required: true, maxlength: 200, autocomplete: 'off', autofocus: true })
  const slug = h('input', { id: 'slug', name: 'slug', required: true, maxlength: 80, pattern: '[a-z0-9]+(-[a-z0-9]+)*', title: 'Lower-case letters, digits and single hyphens', autocomplete: 'off', spellcheck: 'false' })
  const message = h('p', { class: 'form-message', role: 'alert' })
  let own = false
  title.addEventListener('input', () => own || (slug.value = slugOf(title.value)))
  slug.addEventListener('input', () => (own = slug.value !== ''))
  const send = async (event: Event): Promise<void> => {
    event.preventDefault()
    try {
      const article = await createArticle(identity.token, slug.value, title.value.trim())
      go(addressOf(article.slug, 'write'))
    } catch (error) {
      fill(message, error instanceof Error ? error.message : String(error))
    }
  }
  fill(
    app,
    h('header', { class: 'bar' }, h('a', { class: 'brand', href: '/' }, 'Palimpsest'), h('span', { class: 'bar-space' }), personMenu(identity, exits)),
    h(
      'main',
      { class: 'sheet sign-in' },
      h('h1', {}, 'New article'),
      h('p', { class: 'lead' }, 'It begins empty, and you begin it.'),
      h(
        'form',
        { onsubmit: send },
        h('label', { for: 'title' }, 'Title'),
        title,
        h('label', { for: 'slug' }, 'Address ', h('span', { class: 'optional' }, '/articles/…')),
        slug,
        message,
        h('button', { type: 'submit', class: 'primary' }, 'Create'),
      ),
      h('p', { class: 'aside' }, h('a', { href: '/' }, 'All articles')),
    ),
  )
  title.focus()
}
