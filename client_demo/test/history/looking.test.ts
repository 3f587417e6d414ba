import { ChangeSet, Text } from '@codemirror/state'
import { expect, test } from 'vitest'
import { never } from '../../src/history/chronicle'
import { difference } from '../../src/history/difference'
import { Moment } from '../../src/history/moment'
import { Pace } from '../../src/history/pace'
import { plotOf } from '../../src/history/plot'
import { sectionOf, stepsOf } from '../../src/history/steps'
import { GeneratedHistory, randomHistory, told } from './generated'

function three() {
  const history = new GeneratedHistory()
  const [ada, bruno] = [history.author('ada'), history.author('bruno')]
  ada.edit((text) => text.insert(0, '# One\naaaa\n# Two\naaaa\n'))
  bruno.edit((text) => text.insert(6, 'bb'))
  ada.edit((text) => text.insert(20, 'aa'))
  bruno.edit((text) => text.delete(20, 1))
  return told(history)
}

const at = (chronicle: ReturnType<typeof three>['chronicle'], seq: number) => new Moment(chronicle, seq, { since: never, stood: false })

test('the changes between two moments lead from one text to the other', () => {
  const { chronicle } = told(randomHistory(500, 29))
  for (const [from, to] of [[0, 500], [500, 0], [100, 101], [101, 100], [40, 444], [250, 250]] as const) {
    const [one, other] = [at(chronicle, from), at(chronicle, to)]
    const changes = ChangeSet.of(difference(one, other), one.length)
    expect(changes.apply(Text.of(one.text.split('\n'))).toString()).toBe(other.text)
  }
})

test('a small change is told as one', () => {
  const { chronicle } = three()
  expect(difference(at(chronicle, 1), at(chronicle, 2))).toEqual([{ from: 6, to: 6, insert: 'bb' }])
})

test('the steps of an author are what they wrote and deleted', () => {
  const { chronicle } = three()
  expect(stepsOf(chronicle, { author: 'bruno', section: null }, 4)).toEqual([2, 4])
  expect(stepsOf(chronicle, { author: 'nobody', section: null }, 4)).toEqual([])
})

test('the steps of a section are those between its ends, at any time', () => {
  const { chronicle } = three()
  const moment = at(chronicle, 4)
  const section = (from: string, to: string | null) => sectionOf(chronicle, moment, moment.text.indexOf(from), to === null ? moment.length : moment.text.indexOf(to))
  expect(stepsOf(chronicle, { author: null, section: section('# One', '# Two') }, 4)).toEqual([1, 2])
  expect(stepsOf(chronicle, { author: null, section: section('# Two', null) }, 4)).toEqual([1, 3, 4])
  expect(stepsOf(chronicle, { author: 'ada', section: section('# Two', null) }, 4)).toEqual([1, 3])
})

test('the plot has every character that was written, by author and time', () => {
  const { chronicle, course } = three()
  const plot = plotOf(chronicle, new Pace(course.broad, true), 4, 10, null)
  const sum = (row: Float64Array | undefined): number => row?.reduce((units, unit) => units + unit, 0) ?? 0
  expect(plot.authors).toEqual(['ada', 'bruno'])
  expect(plot.written.map(sum)).toEqual([24, 2])
  expect(Math.max(...plot.heights)).toBe(1)
})

test('what was brought back was written before, and is not plotted again', () => {
  const history = new GeneratedHistory()
  const [ada, bruno] = [history.author('ada'), history.author('bruno')]
  ada.edit((text) => text.insert(0, 'one'))
  bruno.carry('ada', (text) => text.insert(3, 'two'))
  const { chronicle, course } = told(history)
  const plot = plotOf(chronicle, new Pace(course.broad, true), 2, 10, null)
  expect([plot.authors, plot.written[0]?.reduce((units, unit) => units + unit, 0)]).toEqual([['ada'], 3])
  expect(at(chronicle, 2).act).toEqual({ at: 6, author: 'bruno' })
  expect(stepsOf(chronicle, { author: 'bruno', section: null }, 2)).toEqual([2])
})

test('characters are told to the server as runs of IDs', () => {
  const { chronicle } = three()
  const moment = at(chronicle, 2)
  const numbers = [4, 5, 6, 7, 8, 9].map((index) => moment.numberAt(index))
  const runs = chronicle.runsOf(numbers)
  expect(runs.map(([, , length]) => length)).toEqual([2, 2, 2])
  expect(runs[0]?.[0]).toBe(runs[2]?.[0])
})
