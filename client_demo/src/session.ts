/** Who is signed in in this browser. */
import type { Author, Identity } from './api'

const key = 'palimpsest:session'

export function currentIdentity(): Identity | null {
  try {
    const kept = JSON.parse(localStorage.getItem(key) ?? 'null') as Identity | null
    return typeof kept?.token === 'string' && typeof kept.author?.id === 'string' ? kept : null
  } catch {
    return null
  }
}

export function remember(identity: Identity): void {
  localStorage.setItem(key, JSON.stringify(identity))
}

export function rememberAuthor(author: Author): void {
  const identity = currentIdentity()
  if (identity !== null) remember({ ...identity, author })
}

export function forget(): void {
  localStorage.removeItem(key)
}
