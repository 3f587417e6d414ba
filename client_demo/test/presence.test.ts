import { expect, test } from 'vitest'
import { guestsOf } from '../src/presence'

test('one person with two tabs is here once', () => {
  const ada = { user: { id: 'a1', name: 'Ada', color: '#123456' } }
  expect(guestsOf(new Map<number, Record<string, unknown>>([[1, ada], [2, ada], [3, {}]]))).toEqual([{ id: 'a1', name: 'Ada', colour: '#123456' }])
})
