import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { Ledger } from '../src/ledger'
import { Receipts } from '../src/receipts'
import { attributionOf } from './page'

function desk() {
  const doc = new Y.Doc()
  const text = doc.getText('content')
  const ledger = new Ledger()
  const receipts = new Receipts()
  doc.on('afterTransaction', (transaction: Y.Transaction) => receipts.expect(transaction, ledger))
  const store = (update = Y.encodeStateAsUpdate(doc)): void => {
    ledger.add(attributionOf(update, 'ada'))
    receipts.settle(ledger)
  }
  return { doc, text, ledger, receipts, store }
}

test('every character typed waits for its receipt', () => {
  const { text, receipts } = desk()
  text.insert(0, 'hello')
  text.insert(5, '!')
  expect(receipts.pending).toBe(6)
})

test('the attribution of an edit is its receipt', () => {
  const { text, receipts, store } = desk()
  text.insert(0, 'hello')
  store()
  expect(receipts.pending).toBe(0)
})

test('a receipt for the first half leaves the second waiting', () => {
  const { doc, text, receipts, store } = desk()
  text.insert(0, 'hello')
  const half = Y.encodeStateAsUpdate(doc)
  text.insert(5, 'world!')
  store(half)
  expect(receipts.pending).toBe(6)
})

test('a deletion waits too', () => {
  const { text, receipts, store } = desk()
  text.insert(0, 'hello')
  store()
  text.delete(1, 3)
  expect(receipts.pending).toBe(3)
})

test('a deletion is stored when the ledger names its deleter', () => {
  const { text, receipts, store } = desk()
  text.insert(0, 'hello')
  text.delete(1, 3)
  store()
  expect(receipts.pending).toBe(0)
})

test('after a reload the count is the same', () => {
  const { doc, text, ledger, receipts, store } = desk()
  text.insert(0, 'hello world')
  store()
  text.insert(0, 'offline ')
  text.delete(10, 4)
  const reloaded = new Y.Doc()
  Y.applyUpdate(reloaded, Y.encodeStateAsUpdate(doc))
  const recounted = new Receipts()
  recounted.recount(reloaded, ledger)
  expect([recounted.pending, receipts.pending]).toEqual([12, 12])
})

test('a ledger kept between visits knows what it knew', () => {
  const { doc, text, ledger, store } = desk()
  text.insert(0, 'hello')
  text.delete(0, 1)
  store()
  const restored = new Ledger()
  restored.restore(structuredClone(ledger.keep()))
  const recounted = new Receipts()
  recounted.recount(doc, restored)
  expect([recounted.pending, restored.nameOf('ada')]).toEqual([0, 'ada'])
})

test('a server that forgot everything is told so by a whole new ledger', () => {
  const { doc, text, ledger, receipts, store } = desk()
  text.insert(0, 'hello')
  store()
  ledger.forget()
  receipts.recount(doc, ledger)
  expect(receipts.pending).toBe(5)
})
