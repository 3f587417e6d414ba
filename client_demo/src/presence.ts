/** Who is here now, by author; one person with two tabs is one person. */
import { fill, h } from './dom'
import { disc } from './initials'
import type { Dyes } from './colours'
import type { Replica } from './replica'

export interface Guest {
  readonly id: string
  readonly name: string
  readonly colour: string
}

export function guestsOf(states: ReadonlyMap<number, Record<string, unknown>>): Guest[] {
  const guests = new Map<string, Guest>()
  for (const state of states.values()) {
    const user = state['user'] as { id?: string; name?: string; color?: string } | undefined
    if (typeof user?.name !== 'string') continue
    const id = user.id ?? user.name
    guests.set(id, { id, name: user.name, colour: user.color ?? '#777777' })
  }
  return [...guests.values()].sort((a, b) => a.name.localeCompare(b.name))
}

/** Initials at the top: a few, then a number. */
export function drawDiscs(element: Element, guests: readonly Guest[], dyes: Dyes): void {
  const shown = guests.slice(0, 6)
  const more = guests.length - shown.length
  fill(element, ...shown.map(({ id, name, colour }) => disc(name, dyes().get(id), colour)), more > 0 && h('span', { class: 'disc disc-more' }, `+${more}`))
  element.setAttribute('aria-label', guests.length === 0 ? 'Nobody else is here' : `Here now: ${guests.map(({ name }) => name).join(', ')}`)
}

export function drawNames(element: Element, guests: readonly Guest[], me: string | null, dyes: Dyes): void {
  const names = guests.map(({ id, name, colour }) => h('li', {}, disc(name, dyes().get(id), colour), h('span', {}, id === me ? `${name} (you)` : name)))
  fill(element, ...(names.length > 0 ? names : [h('li', { class: 'empty' }, 'Nobody is writing.')]))
}

/** Calls back with everybody here, now and whenever that changes. */
export function watchGuests({ socket: { awareness } }: Replica, tell: (guests: Guest[]) => void): void {
  const look = (): void => tell(guestsOf(awareness.getStates()))
  awareness.on('change', look)
  look()
}
