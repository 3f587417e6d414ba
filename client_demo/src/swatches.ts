/** Twelve colours to choose one from. */
import { h } from './dom'
import { offered } from './palette'

/** A radio group; `picked` hears the choice as #rrggbb. */
export function swatches(current: string | null, picked: (colour: string) => void): HTMLElement {
  const choices = offered.map((colour, number) =>
    h(
      'label',
      { class: 'colour-choice', style: `--choice:${colour}` },
      h('input', { type: 'radio', name: 'colour', value: colour, checked: colour === current, 'aria-label': `Colour ${number + 1} of ${offered.length}`, onchange: () => picked(colour) }),
    ),
  )
  return h('fieldset', { class: 'colour-choices' }, h('legend', {}, 'Your colour'), ...choices)
}
