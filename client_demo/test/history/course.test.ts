import { expect, test } from 'vitest'
import { Course } from '../../src/history/course'
import { longest, Pace } from '../../src/history/pace'

function course(...legs: [after: number, until: number, since: number, at: number][]): Course {
  const made = new Course()
  for (const [after, until, since, at] of legs) made.append({ after, until, since, at })
  return made
}

const coarse = () => course([0, 10, 0, 900], [10, 20, 100_000, 100_900], [20, 21, 101_000, 101_000])

test('one can stop at the beginning and after each frame', () => {
  const found = coarse()
  expect([0, 5, 10, 20, 21].map((seq) => found.stopsAt(seq))).toEqual([true, false, true, true, true])
  expect([0, 5, 10, 19, 30].map((seq) => found.floor(seq))).toEqual([0, 0, 10, 10, 21])
})

test('finer legs take the place of the one that they cover', () => {
  const found = coarse()
  found.refine(Array.from({ length: 10 }, (_, row) => ({ after: 10 + row, until: 11 + row, since: 100_000 + row * 100, at: 100_000 + row * 100 })))
  expect([9, 15, 20].map((seq) => found.stopsAt(seq))).toEqual([false, true, true])
  expect(found.timeOf(15)).toBe(100_400)
  expect(found.legs.map(({ after }) => after)).toEqual([0, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20])
})

test('finer legs that fit nowhere are left out', () => {
  const found = coarse()
  found.refine([{ after: 5, until: 15, since: 0, at: 1 }])
  expect(found.legs.length).toBe(3)
})

test('times between two known ones are even', () => {
  expect([1, 4, 10].map((seq) => coarse().timeOf(seq))).toEqual([0, 300, 900])
})

test('skipped pauses last no longer than a moment', () => {
  const [skipping, real] = [new Pace(coarse().legs, true), new Pace(coarse().legs, false)]
  expect(skipping.total).toBeLessThan(2 * longest + 3000)
  expect(real.total).toBeGreaterThan(101_000)
})

test('what is reached at a time is what that seq is reached at', () => {
  for (const skipping of [true, false]) {
    const pace = new Pace(coarse().legs, skipping)
    for (const seq of [0, 3, 10, 14, 20, 21]) expect(pace.seqAt(pace.reached(seq) + 1e-6)).toBe(seq)
    expect(pace.seqAt(pace.total)).toBe(21)
  }
})

test('rows of one moment are told apart when pauses are skipped', () => {
  const pace = new Pace(course([0, 1, 5, 5], [1, 2, 5, 5], [2, 3, 5, 5]).legs, true)
  expect([1, 2, 3].map((seq) => pace.seqAt(pace.reached(seq)))).toEqual([1, 2, 3])
})

test('long pauses are found with the time at which work went on', () => {
  const pace = new Pace(coarse().legs, true)
  expect(pace.pauses(60_000).map(({ at }) => at)).toEqual([100_000])
})
