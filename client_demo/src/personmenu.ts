/** Who is signed in, at the top of every page: their colour, their passphrase, and the way out. */
import { chooseColour, setPassphrase, type Identity } from './api'
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

type Report = (work: Promise<string>) => Promise<void>

export function personMenu(identity: Identity | null, exits: Exits): HTMLElement {
  if (identity === null) return h('button', { type: 'button', class: 'quiet', onclick: exits.signIn }, 'Sign in')
  const { author } = identity
  const message = h('p', { class: 'form-message', role: 'status' })
  const report: Report = (work) => work.catch((error: unknown) => (error instanceof Error ? error.message : String(error))).then((words) => fill(message, words))
  const face = h('button', { type: 'button', class: 'person-button', popovertarget: 'person-menu' }, ...faceOf(author))
  const recoloured = (now: Identity): void => {
    fill(face, ...faceOf(now.author))
    exits.recoloured(now)
  }
  const panel = h(
    'div',
    { class: 'menu-panel', id: 'person-menu', popover: 'auto' },
    h('p', { class: 'menu-name' }, author.name),
    swatches(author.colour, (colour) => void report(recolour(identity, colour, recoloured))),
    passphraseForm(identity, report),
    message,
    h('button', { type: 'button', onclick: exits.signOut }, 'Sign out'),
  )
  return h('div', { class: 'person' }, face, panel)
}

/** What is seen is initials; what is read aloud says whose they are, and what for. */
function faceOf({ name, colour }: Identity['author']): HTMLElement[] {
  return [disc(name, undefined, colour), h('span', { class: 'unseen' }, `${name}: colour, passphrase, sign out`)]
}

async function recolour({ token }: Identity, colour: string, done: (identity: Identity) => void): Promise<string> {
  const author = await chooseColour(token, colour)
  rememberAuthor(author)
  done({ token, author })
  return 'Your text has this colour from now on.'
}

function passphraseForm({ token }: Identity, report: Report): HTMLElement {
  const fresh = h('input', { id: 'fresh', type: 'password', required: true, minlength: 4, autocomplete: 'new-password' })
  const current = h('input', { id: 'current', type: 'password', autocomplete: 'current-password' })
  const send = (event: Event): void => {
    event.preventDefault()
    const set = setPassphrase(token, fresh.value, current.value)
    void report(set.then(() => 'With your name and this passphrase you are the same author everywhere.'))
  }
  return h(
    'details',
    { class: 'menu-passphrase' },
    h('summary', {}, 'Set a passphrase'),
    h('form', { onsubmit: send }, h('label', { for: 'fresh' }, 'New passphrase'), fresh, h('label', { for: 'current' }, 'Present one ', h('span', { class: 'optional' }, 'if there is one')), current, h('button', { type: 'submit' }, 'Set')),
  )
}
