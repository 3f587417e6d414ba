import { expect, test } from 'vitest'
import { addressOf, isHere, routeOf } from '../src/routes'

test.each([
  ['/', { page: 'articles' }],
  ['/sign-in', { page: 'sign-in' }],
  ['/new', { page: 'new' }],
  ['/articles/bach2/write', { page: 'article', slug: 'bach2', mode: 'write' }],
  ['/articles/bach2/history', { page: 'article', slug: 'bach2', mode: 'history' }],
  ['/articles/bach2/history/', { page: 'article', slug: 'bach2', mode: 'history' }],
  ['/articles/bach2/else', { page: 'nowhere' }],
  ['/else', { page: 'nowhere' }],
])('%s has its page', (pathname, route) => {
  expect(routeOf(pathname)).toEqual(route)
})

test('an address leads back to its article', () => {
  expect(routeOf(addressOf('a b%', 'history'))).toEqual({ page: 'article', slug: 'a b%', mode: 'history' })
})

test('what the server draws is loaded from it', () => {
  expect(['/', '/articles/bach2', '/authors/ada', '/articles/bach2/write', '/sign-in'].map(isHere)).toEqual([false, false, false, true, true])
})
