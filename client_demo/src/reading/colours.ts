/** Everybody's colours behind the text, on or off; one key toggles them. */
import { coloursWanted, keepColours } from '../choices'
import { h } from '../dom'
import { isShortcut, shortcut } from '../rail'

let on = false

export function openColours(): void {
  on = coloursWanted(false)
  stand()
  document.addEventListener('keydown', (event) => {
    if (!isShortcut(event)) return
    event.preventDefault()
    toggle()
  })
}

/** Puts the switch beside the heading of the authors. */
export function drawSwitch(): void {
  const head = document.querySelector('.rail-head')
  if (head === null || head.querySelector('.switch') !== null) return
  head.append(h('button', { type: 'button', class: 'switch', role: 'switch', 'aria-keyshortcuts': 'Alt+A', onclick: toggle }, h('span', {}, 'Colours'), h('kbd', {}, shortcut), h('span', { class: 'switch-knob' })))
  stand()
}

function toggle(): void {
  on = !on
  keepColours(on)
  stand()
}

function stand(): void {
  document.body.classList.toggle('coloured', on)
  document.querySelector('.rail .switch')?.setAttribute('aria-checked', String(on))
}
