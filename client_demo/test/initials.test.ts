import { expect, test } from 'vitest'
import { initialsOf } from '../src/initials'

test.each([
  ['Ada Lovelace', 'AL'],
  ['ada', 'A'],
  ['陈宁', '陈'],
  ['🧬 lab', '🧬L'],
])('the initials of %s are %s', (name, initials) => {
  expect(initialsOf(name)).toBe(initials)
})
