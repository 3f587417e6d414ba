/** Who is here now, by author; one person with two tabs is one person. */
import type { Dyes } from './colours'
import { fill, h } from './dom'
import { disc } from './initials'
import type { Replica } from './replica'
import { soon } from './later'

export interface Guest {
  readonly id: string
  readonly name: string
  readonly colour: string
}

/** How many initials stand at the top; the others are a number. */
const discsShown = 6
/** Carets move all the time; who is here is looked at so often, in ms. */
const pause = 200

export function guestsOf(states: ReadonlyMap<number, Record<string, unknown>>): Guest[] {
  const guests = new Map<string, Guest>()
  for (const state of states.values()) {
    const user = state['user'] as { id?: string; name?: string; color?: string } | undefined
    if (typeof user?.name !== 'string') continue
    const id = user.id ?? user.name
    guests.set(id, { id, name: user.name, colour: user.color ?? '#777777' })
  }
  return [...guests.values()].sort(inOrder)
}

const inOrder = (a: Guest, b: Guest): number => collator.compare(a.name, b.name) || (a.id < b.id ? -1 : 1)
const collator = new Intl.Collator(undefined, { numeric: true })

/** Initials at the top: a few, then a number. */
export function drawDiscs(element: Element, guests: readonly Guest[], dyes: Dyes): void {
  const shown = guests.slice(0, discsShown)
  const more = guests.length - shown.length
  fill(element, ...shown.map(({ id, name, colour }) => disc(name, dyes().get(id), colour)), more > 0 && h('span', { class: 'disc disc-more' }, `+${more}`))
  const names = shown.map(({ name }) => name).join(', ')
  element.setAttribute('aria-label', guests.length === 0 ? 'Nobody else is here' : `Here now: ${names}${more > 0 ? ` and ${more} more` : ''}`)
  element.toggleAttribute('disabled', guests.length === 0)
}

export function drawNames(element: Element, guests: readonly Guest[], me: string | null, dyes: Dyes): void {
  const names = guests.map(({ id, name, colour }) => h('li', {}, disc(name, dyes().get(id), colour), h('span', {}, id === me ? `${name} (you)` : name)))
  fill(element, ...(names.length > 0 ? names : [h('li', { class: 'empty' }, 'Nobody is writing.')]))
}

/** Calls back with everybody here, now and soon after that changes; what else they do is no news. */
export function watchGuests({ socket: { awareness } }: Replica, tell: (guests: Guest[]) => void): void {
  let told = ''
  const look = (): void => {
    const guests = guestsOf(awareness.getStates())
    const said = JSON.stringify(guests)
    if (said !== told) tell(guests)
    told = said
  }
  awareness.on('change', soon(look, pause))
  look()
}
