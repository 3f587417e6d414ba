/** The right rail: authors with their shares, and what else a mode shows beside the text. On narrow screens a sheet from below. */
import { h } from './dom'
import { Fold } from './fold'

/** How many authors are shown before one asks for all. */
const authorsShown = 10

export interface Rail {
  readonly element: HTMLElement
  readonly opener: HTMLElement
  readonly colours: HTMLButtonElement
  readonly legend: HTMLElement
}

/** The shortcut as this keyboard names it. */
export const shortcut = /mac|iphone|ipad/i.test(navigator.platform) ? '⌃⌥A' : 'Alt+A'

export function isShortcut(event: KeyboardEvent): boolean {
  const held = shortcut === 'Alt+A' ? event.altKey && !event.ctrlKey : event.altKey && event.ctrlKey
  return held && event.code === 'KeyA' && !event.metaKey && !event.shiftKey
}

export function makeRail(id: string, label: string, opened: string, sections: readonly HTMLElement[]): Rail {
  const colours = h('button', { type: 'button', class: 'switch', role: 'switch', 'aria-checked': 'false', 'aria-keyshortcuts': 'Alt+A' }, h('span', {}, 'Colours'), h('kbd', {}, shortcut), h('span', { class: 'switch-knob' }))
  const legend = new Fold('legend', authorsShown)
  const authors = h('section', {}, h('div', { class: 'rail-head' }, h('h2', {}, 'Authors'), colours), legend.list, legend.more)
  const element = h('aside', { class: 'rail', id, 'aria-label': label }, authors, ...sections)
  const opener = h('button', { type: 'button', class: 'rail-opener', 'aria-controls': id, 'aria-expanded': 'false' }, opened)
  const open = (is: boolean): void => {
    element.classList.toggle('open', is)
    opener.setAttribute('aria-expanded', String(is))
  }
  opener.addEventListener('click', () => open(!element.classList.contains('open')))
  element.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') (open(false), opener.focus())
  })
  element.prepend(h('button', { type: 'button', class: 'rail-close quiet', onclick: () => (open(false), opener.focus()) }, 'Close'))
  return { element, opener, colours, legend: legend.list }
}
