/** The bar at the top of an article: its title and state, who is here, and what one can do with it. */
import type { Identity } from './api'
import type { Dyes } from './colours'
import { fill, h } from './dom'
import { personMenu, type Exits } from './personmenu'
import { drawDiscs, drawNames, type Guest } from './presence'
import { addressOf, type Mode } from './routes'
import type { StateLine } from './stateline'

export class ArticleBar {
  readonly element: HTMLElement
  readonly #title = h('h1', { class: 'bar-title' }, '\u00a0')
  readonly #state = h('p', { class: 'state', role: 'status' })
  readonly #discs = h('button', { type: 'button', class: 'discs', popovertarget: 'everybody' })
  readonly #everybody = h('ul', { class: 'here', tabindex: '0', 'aria-label': 'Here now' })
  readonly #openers = h('span', { class: 'rail-openers' })
  readonly #modes: Readonly<Record<Mode, HTMLElement>>

  constructor(slug: string, identity: Identity | null, exits: Exits) {
    const write = addressOf(slug, 'write')
    this.#modes = {
      write: h('a', { href: identity === null ? `/sign-in?next=${encodeURIComponent(write)}` : write }, 'Write'),
      history: h('a', { href: addressOf(slug, 'history') }, 'History'),
    }
    this.element = h(
      'header',
      { class: 'bar' },
      h('a', { class: 'brand', href: '/', 'aria-label': 'Palimpsest: all articles' }, 'Palimpsest'),
      this.#title,
      this.#state,
      this.#discs,
      h('div', { class: 'menu-panel everybody', id: 'everybody', popover: 'auto' }, h('p', { class: 'menu-name' }, 'Here now'), this.#everybody),
      h('nav', { class: 'modes', 'aria-label': 'Read, write or look back' }, h('a', { href: addressOf(slug) }, 'Read'), this.#modes.write, this.#modes.history),
      this.#openers,
      personMenu(identity, exits),
    )
  }

  entitle(title: string): void {
    if (title === '') return
    this.#title.textContent = this.#title.title = title
    document.title = `${title} · Palimpsest`
  }

  state({ tone, text }: StateLine): void {
    if (this.#state.textContent !== text) fill(this.#state, h('span', { class: 'state-dot' }), text)
    this.#state.dataset['tone'] = tone
  }

  /** Shows which mode it is, and the button that opens its rail. */
  turn(mode: Mode, opener: HTMLElement): void {
    for (const [name, link] of Object.entries(this.#modes)) {
      if (name === mode) link.setAttribute('aria-current', 'page')
      else link.removeAttribute('aria-current')
    }
    fill(this.#openers, opener)
  }

  welcome(guests: readonly Guest[], me: string | null, dyes: Dyes): void {
    drawDiscs(this.#discs, guests.filter(({ id }) => id !== me), dyes)
    drawNames(this.#everybody, guests, me, dyes)
  }
}
