import { expect, test } from 'vitest'
import { RangeMap } from '../src/rangemap'

const at = (clock: number, length: number) => ({ client: 1, clock, length })
const rows = (map: RangeMap<string>) => [...map.entries()].map(({ clock, length, value }) => [clock, length, value])

test('an ID has the value of the range that it is in', () => {
  const map = new RangeMap<string>()
  map.set(at(5, 10), 'ada')
  expect(map.at(1, 5)).toEqual({ value: 'ada', left: 10 })
  expect(map.at(1, 14)).toEqual({ value: 'ada', left: 1 })
})

test('before, behind and for other clients nothing is known', () => {
  const map = new RangeMap<string>()
  map.set(at(5, 10), 'ada')
  expect([map.at(1, 4), map.at(1, 15), map.at(2, 7)]).toEqual([null, null, null])
})

test('ranges that continue each other with one value are one', () => {
  const map = new RangeMap<string>()
  map.set(at(0, 5), 'ada')
  map.set(at(5, 5), 'ada')
  expect(rows(map)).toEqual([[0, 10, 'ada']])
})

test('a later word replaces an earlier one only where it speaks', () => {
  const map = new RangeMap<string>()
  map.set(at(0, 10), 'ada')
  map.set(at(3, 4), 'bob')
  expect(rows(map)).toEqual([
    [0, 3, 'ada'],
    [3, 4, 'bob'],
    [7, 3, 'ada'],
  ])
})

test('a range that fills a gap joins its neighbours', () => {
  const map = new RangeMap<string>()
  map.set(at(0, 3), 'ada')
  map.set(at(6, 3), 'ada')
  map.set(at(3, 3), 'ada')
  expect(rows(map)).toEqual([[0, 9, 'ada']])
})

test('missing parts are told in order', () => {
  const map = new RangeMap<string>()
  map.set(at(2, 2), 'ada')
  map.set(at(6, 2), 'bob')
  expect(map.missing(at(0, 10)).map(({ clock, length }) => [clock, length])).toEqual([
    [0, 2],
    [4, 2],
    [8, 2],
  ])
})

test('nothing is missing of what is covered', () => {
  const map = new RangeMap<string>()
  map.set(at(0, 10), 'ada')
  expect(map.missing(at(3, 4))).toEqual([])
})

test('any order of writing agrees with a plain array', () => {
  let seed = 1
  const random = (below: number): number => (seed = (seed * 48271) % 2147483647) % below
  const map = new RangeMap<string>()
  const plain: (string | null)[] = Array.from({ length: 60 }, () => null)
  for (let round = 0; round < 2000; round++) {
    const [clock, value] = [random(50), 'abc'[random(3)] as string]
    const length = 1 + random(9)
    map.set(at(clock, length), value)
    plain.fill(value, clock, clock + length)
    expect(plain.map((_, id) => map.at(1, id)?.value ?? null)).toEqual(plain)
  }
})
