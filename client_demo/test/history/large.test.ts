import { expect, test } from 'vitest'
import { Chronicle, never } from '../../src/history/chronicle'
import { Course } from '../../src/history/course'
import { Moment } from '../../src/history/moment'
import { Pace } from '../../src/history/pace'
import { plotOf } from '../../src/history/plot'
import { stepsOf } from '../../src/history/steps'
import { shares } from '../../src/spans'
import { randomHistory } from './generated'

const EDITS = import.meta.env['VITE_EDITS'] as string | undefined
const edits = Number(EDITS ?? 4_000)

/** VITE_EDITS=260000 npx vitest run test/history/large.test.ts --disable-console-intercept prints figures of that size. */
test('any moment of a long history is one walk', () => {
  const history = randomHistory(edits, 23, false)
  const frames = history.frames(Math.ceil(edits / 1000))
  const chronicle = new Chronicle()
  const course = new Course()
  const took = new Map<string, number>()
  const timed = <T>(what: string, work: () => T): T => {
    const begun = performance.now()
    const result = work()
    took.set(what, Math.max(took.get(what) ?? 0, performance.now() - begun))
    return result
  }
  timed('append', () => frames.forEach((frame) => (chronicle.append(frame), course.append(frame))))
  timed('settle', () => chronicle.settle())
  const fine = history.frames(1, frames[400]?.after, frames[400]?.until)
  timed('refine', () => (fine.forEach((frame) => chronicle.stamp(frame)), course.refine(fine)))
  let moment = new Moment(chronicle, 0, { since: never, stood: false })
  for (let step = 0; step <= 20; step++) {
    const seq = course.floor(Math.round((edits * step) / 20))
    moment = timed('moment', () => new Moment(chronicle, seq, { since: seq - 50, stood: false }))
    timed('shares', () => shares(moment, chronicle.ledger))
  }
  timed('everything since the beginning', () => new Moment(chronicle, edits, { since: 0, stood: false }))
  const pace = timed('pace', () => new Pace(course.broad, true))
  const plot = timed('plot', () => plotOf(chronicle, pace, edits, 240, null))
  timed('steps', () => stepsOf(chronicle, { author: 'ada', section: null }, edits))
  if (EDITS !== undefined) console.log(edits, 'edits', chronicle.order.length, 'characters', moment.length, 'now', moment.runs, 'runs', Object.fromEntries([...took].map(([what, ms]) => [what, Math.round(ms)])))
  expect(moment.text.length).toBe(moment.length)
  expect(plot.written.reduce((sum, row) => sum + row.reduce((units, unit) => units + unit, 0), 0)).toBe(chronicle.order.length)
})
