import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { Order } from '../src/order'

/** The ID of every character, by asking the order. */
const ids = (order: Order): string[] =>
  Array.from({ length: order.length }, (_, index) => {
    const run = order.runAt(index)
    return `${order.client(run)}.${order.clock(run) + index - order.start(run)}`
  })

function desk() {
  const doc = new Y.Doc()
  const text = doc.getText('content')
  const order = new Order(text)
  text.observe(() => order.invalidate())
  const type = (from: number, removed: number, inserted: string): void => {
    const clock = Y.decodeStateVector(Y.encodeStateVector(doc)).get(doc.clientID) ?? 0
    doc.transact(() => {
      if (removed > 0) text.delete(from, removed)
      if (inserted !== '') text.insert(from, inserted)
    })
    order.follow([{ from, removed, inserted: inserted.length }], doc.clientID, clock)
  }
  return { doc, text, order, type }
}

test('an empty text has no runs', () => {
  const { order } = desk()
  expect([order.runs, order.length, order.runAt(0)]).toEqual([0, 0, -1])
})

test('what is typed in one go is one run', () => {
  const { order, text } = desk()
  text.insert(0, 'abc')
  text.insert(3, 'def')
  expect([order.runs, order.length]).toEqual([1, 6])
})

test('following what is typed agrees with a walk over the text', () => {
  const { doc, text, order, type } = desk()
  let seed = 11
  const random = (below: number): number => (seed = (seed * 48271) % 2147483647) % below
  for (let round = 0; round < 600; round++) {
    const from = random(text.length + 1)
    type(from, Math.min(random(4), text.length - from), 'abcde'.slice(random(6)))
    if (round % 50 === 0) doc.clientID = 1000 + round
    const walked = new Order(text)
    expect(ids(order)).toEqual(ids(walked))
  }
})

test('an edit that comes behind an unseen one is not followed blindly', () => {
  const { text, order, type } = desk()
  text.insert(0, 'abc')
  expect(order.length).toBe(3)
  text.insert(0, 'unseen ')
  type(0, 0, 'x')
  expect(ids(order)).toEqual(ids(new Order(text)))
})
