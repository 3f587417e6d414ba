import { Text } from '@codemirror/state'
import { expect, test } from 'vitest'
import { outlineOf } from '../src/outline'

const page = (...lines: string[]): Text => Text.of(lines)

test('an outline has the headings, their depth and their places', () => {
  expect(outlineOf(page('# One', 'text', '## *Two* ##'))).toEqual([
    { level: 1, title: 'One', written: 'One', from: 0 },
    { level: 2, title: 'Two', written: '*Two*', from: 11 },
  ])
})

test('what looks like a heading in code is none', () => {
  expect(outlineOf(page('```', '# no', '```'))).toEqual([])
})
