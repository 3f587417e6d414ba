/** Signing in: a name is enough. */
import { Problem, signIn, type Identity } from './api'
import { fill, h } from './dom'
import { swatches } from './swatches'

/** Draws the form; `done` gets who has signed in. */
export function drawSignIn(app: HTMLElement, done: (identity: Identity) => void): void {
  let colour: string | null = null
  const name = h('input', { id: 'name', name: 'name', required: true, maxlength: 64, autocomplete: 'username', autofocus: true, spellcheck: 'false' })
  const passphrase = h('input', { id: 'passphrase', name: 'passphrase', type: 'password', autocomplete: 'current-password' })
  const message = h('p', { class: 'form-message', role: 'alert' })
  const submit = h('button', { type: 'submit', class: 'primary' }, 'Sign in')

  const send = async (event: Event): Promise<void> => {
    event.preventDefault()
    submit.disabled = true
    fill(message)
    try {
      done(await signIn(name.value.trim(), passphrase.value, colour))
    } catch (error) {
      fill(message, error instanceof Error ? error.message : String(error))
      if (error instanceof Problem && /taken|passphrase/.test(error.code)) passphrase.focus()
    } finally {
      submit.disabled = false
    }
  }

  fill(
    app,
    h(
      'main',
      { class: 'sheet sign-in' },
      h('h1', {}, 'Palimpsest'),
      h('p', { class: 'lead' }, 'Write articles together. Every character keeps the name of the person who wrote it.'),
      h(
        'form',
        { onsubmit: send },
        h('label', { for: 'name' }, 'Your name'),
        name,
        h('label', { for: 'passphrase' }, 'Passphrase ', h('span', { class: 'optional' }, 'optional, to be the same author elsewhere')),
        passphrase,
        h('details', {}, h('summary', {}, 'Choose a colour ', h('span', { class: 'optional' }, 'one is given otherwise')), swatches(null, (chosen) => (colour = chosen))),
        message,
        submit,
      ),
      h('p', { class: 'aside' }, h('a', { href: '/' }, 'Read without signing in')),
    ),
  )
  name.focus()
}
