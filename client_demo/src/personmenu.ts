/** Who is signed in, at the top of every page: their colour, and the way out. */
import { chooseColour, type Identity } from './api'
import { fill, h } from './dom'
import { disc } from './initials'
import { rememberAuthor } from './session'
import { swatches } from './swatches'

export interface Exits {
  signIn(): void
  signOut(): void
  /** The person has another colour from now on. */
  recoloured(identity: Identity): void
}

export function personMenu(identity: Identity | null, exits: Exits): HTMLElement {
  if (identity === null) return h('button', { type: 'button', class: 'quiet', onclick: exits.signIn }, 'Sign in')
  const { author, token } = identity
  const message = h('p', { class: 'form-message', role: 'alert' })
  const recolour = async (colour: string): Promise<void> => {
    try {
      const now = await chooseColour(token, colour)
      rememberAuthor(now)
      exits.recoloured({ token, author: now })
      fill(message, 'Your text has this colour from now on.')
    } catch (error) {
      fill(message, error instanceof Error ? error.message : String(error))
    }
  }
  const panel = h(
    'div',
    { class: 'menu-panel', id: 'person-menu', popover: 'auto' },
    h('p', { class: 'menu-name' }, author.name),
    swatches(author.colour, (colour) => void recolour(colour)),
    message,
    h('button', { type: 'button', onclick: exits.signOut }, 'Sign out'),
  )
  return h(
    'div',
    { class: 'person' },
    h('button', { type: 'button', class: 'person-button', popovertarget: 'person-menu', 'aria-label': `${author.name}: colour and sign out` }, disc(author.name, undefined, author.colour)),
    panel,
  )
}
