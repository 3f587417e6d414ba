import { expect, test } from 'vitest'
import { stateLine, type Standing } from '../src/stateline'

const calm: Standing = { connected: true, synced: true, pending: 0, keeping: 'kept', readonly: null, troubled: false, known: true }
const said = (standing: Partial<Standing>): string => stateLine({ ...calm, ...standing }).text

test('everything here is stored', () => {
  expect(said({})).toBe('stored')
})

test('one change without a receipt is enough to be storing', () => {
  expect(said({ pending: 1 })).toBe('storing')
})

test('an open socket alone is no promise', () => {
  expect(said({ synced: false })).toBe('storing')
})

test('offline tells how many changes are kept', () => {
  expect(said({ connected: false, synced: false, pending: 1234 })).toBe('offline · 1,234 changes kept here')
})

test('one change is one change', () => {
  expect(said({ connected: false, pending: 1 })).toBe('offline · 1 change kept here')
})

test('offline without changes says so', () => {
  expect(said({ connected: false })).toBe('offline · nothing waiting here')
})

test('an article that was never seen here is being connected to', () => {
  expect(said({ connected: false, known: false })).toBe('connecting')
})

test('read only tells why', () => {
  expect(said({ readonly: 'sign in to write', pending: 3 })).toBe('read only · sign in to write')
})

test('edits that the server cannot store for now are said to wait', () => {
  expect(said({ troubled: true, pending: 2 })).toBe('not stored yet · 2 changes waiting')
})

test('trouble is no news to who waits for nothing', () => {
  expect(said({ troubled: true })).toBe('stored')
})

test('nothing is called kept before the browser has written it down', () => {
  expect(said({ connected: false, pending: 2, keeping: 'keeping' })).toBe('offline · keeping 2 changes')
})

test('a browser that keeps nothing is no place to leave', () => {
  expect(said({ connected: false, pending: 2, keeping: 'unkept' })).toBe('offline · 2 changes on this page only')
})
