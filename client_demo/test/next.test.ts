import { expect, test } from 'vitest'
import { nextOf } from '../src/next'

const origin = 'http://wiki.example'

test('one goes on to the page that asked to sign in', () => {
  expect(nextOf('?next=%2Farticles%2Fbach2%3Frevision%3D2', origin)).toBe('/articles/bach2?revision=2')
})

test('without one, to the list', () => {
  expect(nextOf('', origin)).toBe('/')
})

test.each(['https://evil.example/', '//evil.example/', '/\\evil.example/', 'javascript:alert(1)', '/\t/evil.example', 'articles'])('%j is no page of this server', (wanted) => {
  expect(nextOf(`?next=${encodeURIComponent(wanted)}`, origin)).toBe('/')
})
