import { expect, test } from 'vitest'
import { addressOf, routeOf } from '../src/routes'

test.each([
  ['/', { page: 'articles' }],
  ['/articles/bach2', { page: 'article', slug: 'bach2' }],
  ['/articles/bach2/', { page: 'article', slug: 'bach2' }],
  ['/else', { page: 'nowhere' }],
])('%s has its page', (pathname, route) => {
  expect(routeOf(pathname)).toEqual(route)
})

test('an address leads back to its article', () => {
  expect(routeOf(addressOf('a b%'))).toEqual({ page: 'article', slug: 'a b%' })
})
