/** A person as a disc with initials. */
import { h } from './dom'
import { hueOf } from './oklch'
import { dyeOf, type Dye } from './palette'

export function initialsOf(name: string): string {
  const words = name.trim().split(/[\s._-]+/u).filter(Boolean)
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]]
  return letters.map((word) => [...(word ?? '?')][0]?.toUpperCase() ?? '').join('')
}

/** In the author's dye on this page; elsewhere in a shade of their colour that letters can be read on. */
export function disc(name: string, dye: Dye | undefined, colour = '#777777'): HTMLElement {
  const { light, dark } = dye ?? dyeOf(0, hueOf(colour) ?? 0)
  const style = `--strong:light-dark(${light.strong},${dark.strong});--on-strong:light-dark(${light.onStrong},${dark.onStrong})`
  return h('span', { class: 'disc', style, title: name, 'aria-hidden': 'true' }, initialsOf(name))
}
