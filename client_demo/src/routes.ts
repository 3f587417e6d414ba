/** The addresses of the demo and the way between them. */
import { Signal } from './signal'

export type Route = { readonly page: 'articles' } | { readonly page: 'article'; readonly slug: string } | { readonly page: 'nowhere' }

export const travelled = new Signal()

export function routeOf(pathname: string): Route {
  if (pathname === '/' || pathname === '/articles' || pathname === '/index.html') return { page: 'articles' }
  const [, slug] = /^\/articles\/([^/]+)\/?$/.exec(pathname) ?? []
  return slug === undefined ? { page: 'nowhere' } : { page: 'article', slug: decoded(slug) }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

export function addressOf(slug: string): string {
  return `/articles/${encodeURIComponent(slug)}`
}

export function go(address: string): void {
  history.pushState(null, '', address)
  travelled.emit()
}

/** Links within the demo turn the page without loading it anew. */
export function watchLinks(): void {
  window.addEventListener('popstate', () => travelled.emit())
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest?.('a[href^="/"]')
    if (!(link instanceof HTMLAnchorElement) || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    go(link.pathname)
  })
}
