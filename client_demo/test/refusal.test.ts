import { expect, test } from 'vitest'
import { advice, isFinal, readRefusal } from '../src/refusal'

test('a reason is a code and a sentence', () => {
  expect(readRefusal('foreign-client-id: That text is not yours.')).toMatchObject({ code: 'foreign-client-id', sentence: 'That text is not yours.' })
})

test('a reason without a code is a sentence all the same', () => {
  expect(readRefusal('Something went wrong')).toMatchObject({ code: 'refused', sentence: 'Something went wrong' })
})

test('a refused edit offers to keep the text, and ends the writing', () => {
  const refusal = readRefusal('structure-refused: This cannot stand here.')
  expect([refusal.remedy, isFinal(refusal), advice(refusal).includes('Copy')]).toEqual(['keep-text', true, true])
})

test('an expired sign-in asks to sign in again', () => {
  expect(readRefusal('expired-token: Your sign-in has expired.').remedy).toBe('sign-in')
})

test('trouble that passes does not stop the writing', () => {
  expect(isFinal(readRefusal('storage-unavailable: The database does not answer.'))).toBe(false)
})
