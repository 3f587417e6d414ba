/** The changes that lead from one moment's text to another's, as an editor takes them. */
import type { ChangeSpec } from '@codemirror/state'
import type { Moment } from './moment'

/** More changes than this are told as one. */
const most = 300

interface Change {
  from: number
  to: number
  /** Where the inserted text stands in the other moment. */
  start: number
  end: number
}

export function difference(one: Moment, other: Moment): ChangeSpec {
  const changes = changesBetween(one, other)
  const [first, last] = [changes[0], changes.at(-1)]
  const told = first === undefined || last === undefined || changes.length <= most ? changes : [{ from: first.from, to: last.to, start: first.start, end: last.end }]
  return told.map(({ from, to, start, end }) => ({ from, to, insert: other.text.slice(start, end) }))
}

/** One walk: what is in one moment and not in the other. */
function changesBetween({ chronicle, seq: before }: Moment, { seq: after }: Moment): Change[] {
  const { order, born, died } = chronicle
  const changes: Change[] = []
  let [at, to] = [0, 0]
  let open: Change | null = null
  for (const number of order) {
    const [came, went] = [born[number] as number, died[number] as number]
    const was = came <= before && before < went
    const is = came <= after && after < went
    if (was !== is) {
      if (open === null) changes.push((open = { from: at, to: at, start: to, end: to }))
      if (was) open.to++
      else open.end++
    } else if (was) open = null
    if (was) at++
    if (is) to++
  }
  return changes
}
