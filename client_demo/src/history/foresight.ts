/** What bringing a revision back would do. */
import { Text } from '@codemirror/state'
import { outlineOf } from '../outline'
import type { Past } from './past'

export interface Foreseen {
  /** When the article was like that, in Unix ms. */
  readonly at: number
  /** Headings of the revision's text. */
  readonly sections: readonly string[]
  /** UTF-16 units that stood there and do not now, and that stand now and did not. */
  readonly back: number
  readonly gone: number
}

export function foresee(past: Past, seq: number): Foreseen {
  const { order, born, died } = past.chronicle
  const { head } = past
  let [back, gone] = [0, 0]
  for (const number of order) {
    const [came, went] = [born[number] as number, died[number] as number]
    const [stood, stands] = [came <= seq && seq < went, came <= head && head < went]
    if (stood && !stands) back++
    if (stands && !stood) gone++
  }
  const headings = outlineOf(Text.of(past.moment(seq).text.split('\n')))
  return { at: past.course.timeOf(seq), sections: headings.map(({ written }) => written), back, gone }
}
