import { expect, test } from 'vitest'
import { slugOf } from '../src/slug'

test.each([
  ['Bach2: BTB & CNC homology', 'bach2-btb-cnc-homology'],
  ['Größe der Zelle', 'grosse-der-zelle'],
  ['β-globin', 'beta-globin'],
  ['転写因子', ''],
])('the address of "%s" is "%s"', (title, slug) => {
  expect(slugOf(title)).toBe(slug)
})
