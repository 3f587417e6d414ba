/** The addresses of the demo and the way between them. */
import { Signal } from './signal'

/** What one does with an article on the single page; reading is a page of the server's. */
export type Mode = 'write' | 'history'

export type Route =
  | { readonly page: 'articles' }
  | { readonly page: 'sign-in' }
  | { readonly page: 'new' }
  | { readonly page: 'article'; readonly slug: string; readonly mode: Mode }
  | { readonly page: 'nowhere' }

export const travelled = new Signal()

const single: Readonly<Record<string, Route>> = { '/': { page: 'articles' }, '/sign-in': { page: 'sign-in' }, '/new': { page: 'new' } }

export function routeOf(pathname: string): Route {
  const [, slug, mode = 'write'] = /^\/articles\/([^/]+)(?:\/(write|history))?\/?$/.exec(pathname) ?? []
  return slug === undefined ? (single[pathname] ?? { page: 'nowhere' }) : { page: 'article', slug: decoded(slug), mode: mode as Mode }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** The article's reading page, or one of its modes here. */
export function addressOf(slug: string, mode?: Mode): string {
  return `/articles/${encodeURIComponent(slug)}${mode === undefined ? '' : `/${mode}`}`
}

/** Whether an address is drawn by this page; the others are the server's. */
export function isHere(pathname: string): boolean {
  return pathname === '/sign-in' || pathname === '/new' || /^\/articles\/[^/]+\/(write|history)\/?$/.test(pathname)
}

/** Goes to an address, which is a path with or without a question: here without loading anew. */
export function go(address: string): void {
  if (!isHere(new URL(address, location.href).pathname)) return location.assign(address)
  history.pushState(null, '', address)
  travelled.emit()
}

/** Links within the demo turn the page without loading it anew. */
export function watchLinks(): void {
  window.addEventListener('popstate', () => travelled.emit())
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest?.('a[href^="/"]')
    if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return
    if (!isHere(link.pathname)) return
    event.preventDefault()
    go(`${link.pathname}${link.search}${link.hash}`)
  })
}
