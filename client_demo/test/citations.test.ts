import { Text } from '@codemirror/state'
import { expect, test } from 'vitest'
import { citedIn, numbersIn, referencesOf } from '../src/citations'

const page = (...lines: string[]): Text => Text.of(lines)

test.each([
  ['[3]', '3'],
  ['[2, 5–7]', '2, 5–7'],
  ['[1,2]', '1,2'],
])('%s is a citation', (text, cited) => {
  expect(citedIn(text)).toBe(cited)
})

test.each(['[three]', '[3](x)', '[]', '[2002]', '3'])('%s is none', (text) => {
  expect(citedIn(text)).toBeNull()
})

test('a range names every number in it', () => {
  expect(numbersIn('2, 5–7')).toEqual([2, 5, 6, 7])
})

test('references are the numbered lines below their heading', () => {
  const doc = page('1. no reference', '## References', '', '1. Muto A. 2002.', '[2] Shim KS. 2006.', '## After', '3. none')
  expect([...referencesOf(doc)]).toEqual([
    [1, 'Muto A. 2002.'],
    [2, 'Shim KS. 2006.'],
  ])
})
