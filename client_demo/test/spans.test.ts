import { expect, test } from 'vitest'
import { markAt, shares, spansIn } from '../src/spans'
import { Page } from './page'

const compact = (page: Page, from = 0, to = page.order.length) => spansIn(page.order, page.ledger, from, to).map(({ start, length, author }) => [start, length, author])

test('text written into another text splits it', () => {
  const page = new Page()
  page.edit('ada', 1, (text) => text.insert(0, 'hello world'))
  page.edit('bob', 2, (text) => text.insert(5, ' dear'))
  expect(compact(page)).toEqual([
    [0, 5, 'ada'],
    [5, 5, 'bob'],
    [10, 6, 'ada'],
  ])
})

test('deleted text is in no span', () => {
  const page = new Page()
  page.edit('ada', 1, (text) => text.insert(0, 'hello world'))
  page.edit('bob', 2, (text) => text.delete(0, 6))
  expect(compact(page)).toEqual([[0, 5, 'ada']])
})

test('two replicas of one author make one span', () => {
  const page = new Page()
  page.edit('ada', 1, (text) => text.insert(0, 'abc'))
  page.edit('ada', 2, (text) => text.insert(3, 'def'))
  expect(compact(page)).toEqual([[0, 6, 'ada']])
})

test('text that the server has not stored is in no span', () => {
  const page = new Page()
  page.edit('ada', 1, (text) => text.insert(0, 'abcdef'))
  page.text.insert(3, 'mine')
  expect(compact(page)).toEqual([
    [0, 3, 'ada'],
    [7, 3, 'ada'],
  ])
})

test('a window cuts the spans at its edges', () => {
  const page = new Page()
  page.edit('ada', 1, (text) => text.insert(0, 'aaaaaa'))
  page.edit('bob', 2, (text) => text.insert(6, 'bbbbbb'))
  expect(compact(page, 4, 8)).toEqual([
    [4, 2, 'ada'],
    [6, 2, 'bob'],
  ])
})

test('positions count UTF-16 units, as the editor does', () => {
  const page = new Page()
  page.edit('ada', 1, (text) => text.insert(0, '🧬é'))
  page.edit('bob', 2, (text) => text.insert(2, 'x'))
  expect(compact(page)).toEqual([
    [0, 2, 'ada'],
    [2, 1, 'bob'],
    [3, 1, 'ada'],
  ])
})

test('a character tells when it was written and who brought it back', () => {
  const page = new Page()
  page.edit('ada', 1, (text) => text.insert(0, 'abc'), 60_000, 'bob')
  expect(markAt(page.order, page.ledger, 1)).toEqual({ author: 'ada', at: 60_000, carriedBy: 'bob', carriedAt: 60_000 })
})

test('outside the text there is nobody', () => {
  const page = new Page()
  page.edit('ada', 1, (text) => text.insert(0, 'abc'))
  expect([-1, 3].map((index) => markAt(page.order, page.ledger, index))).toEqual([null, null])
})

test('shares are the largest first', () => {
  const page = new Page()
  page.edit('ada', 1, (text) => text.insert(0, 'abc'))
  page.edit('bob', 2, (text) => text.insert(0, 'defgh'))
  expect([...shares(page.order, page.ledger)]).toEqual([
    ['bob', 5],
    ['ada', 3],
  ])
})

test('an empty text has no spans and no shares', () => {
  const page = new Page()
  expect([compact(page), shares(page.order, page.ledger).size]).toEqual([[], 0])
})

test('spans agree with every single character after many edits by several people', () => {
  const page = new Page()
  let seed = 7
  const random = (below: number): number => (seed = (seed * 48271) % 2147483647) % below
  for (let round = 0; round < 200; round++) {
    const who = random(4)
    const at = random(page.text.length + 1)
    page.edit(`author${who}`, who + 1, (text) => (round % 3 === 2 ? text.delete(Math.min(at, text.length - 1), 1) : text.insert(at, 'abcdefg'.slice(0, 1 + random(6)))))
  }
  const each = Array.from(page.text.toString(), (_, index) => markAt(page.order, page.ledger, index)?.author)
  expect(compact(page).flatMap(([, length, author]) => Array.from({ length: Number(length) }, () => author))).toEqual(each)
})
