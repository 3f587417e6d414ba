import { expect, test } from 'vitest'
import { ago, count, percent } from '../src/ago'

const minute = 60_000

test.each([
  [10_000, 'just now'],
  [3 * minute, '3 minutes ago'],
  [26 * 60 * minute, 'yesterday'],
  [-minute, 'just now'],
])('%i ms later is %s', (passed, words) => {
  expect(ago(1_700_000_000_000, 1_700_000_000_000 + passed)).toBe(words)
})

test('large numbers have separators', () => {
  expect(count(1234567)).toBe('1,234,567')
})

test.each([
  [1, 1, '100 %'],
  [1, 1000, '<1 %'],
  [0, 10, '0 %'],
  [0, 0, '0 %'],
])('%i of %i is %s', (part, whole, words) => {
  expect(percent(part, whole)).toBe(words)
})
