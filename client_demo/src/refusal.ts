/** A refusal as the server words it, "code: A sentence.", and what a person can do about it. */

/** `wait`: it passes by itself; `none`: there is nothing to do. */
export type Remedy = 'keep-text' | 'sign-in' | 'back' | 'wait' | 'none'

export interface Refusal {
  readonly code: string
  readonly sentence: string
  readonly remedy: Remedy
}

/** Codes that are about the connection or the page, not about an edit. */
const remedies: Readonly<Record<string, Remedy>> = {
  'read-only': 'sign-in',
  'expired-token': 'sign-in',
  'bad-token': 'sign-in',
  'token-needed': 'sign-in',
  'unknown-article': 'back',
  'not-found': 'back',
  'presence-refused': 'none',
  'storage-unavailable': 'wait',
  'not-ready': 'wait',
  'shutting-down': 'wait',
  'too-fast': 'wait',
  busy: 'wait',
}

export function readRefusal(reason: string): Refusal {
  const [, code = 'refused', sentence = reason] = /^([a-z0-9-]+): (.*)$/s.exec(reason) ?? []
  return { code, sentence, remedy: remedies[code] ?? 'keep-text' }
}

/** Whether writing on would only lose more. */
export function isFinal({ remedy }: Refusal): boolean {
  return remedy !== 'wait' && remedy !== 'none'
}

/** Whether it is over as soon as the server stores edits again. */
export function isPassing({ remedy }: Refusal): boolean {
  return remedy === 'wait'
}

/** What to do, in words. */
export function advice({ remedy }: Refusal): string {
  const words: Readonly<Record<Remedy, string>> = {
    'keep-text': 'Your change is only on this page. Copy your text, then reload the article from the server.',
    'sign-in': 'Sign in again to write; what you wrote stays kept here.',
    back: 'Go back to the list of articles.',
    wait: 'What you write is kept here and sent again by itself.',
    none: '',
  }
  return words[remedy]
}
