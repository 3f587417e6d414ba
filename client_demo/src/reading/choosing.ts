/** Choosing an author: their text is kept, the rest fades, and the rail tells what else they wrote. */
import { currentIdentity } from '../session'
import { ask } from './privately'

export function watchChoices(redrawn: () => void): void {
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a.by, a.legend-row, .chosen a[href^="?"]') : null
    if (link === null || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return
    if (link.pathname !== location.pathname) return
    event.preventDefault()
    history.pushState(null, '', link.href)
    void follow(redrawn)
  })
  window.addEventListener('popstate', () => void follow(redrawn))
}

/** Lets everybody back. */
export function chooseNobody(redrawn: () => void): void {
  const address = new URL(location.href)
  if (!address.searchParams.has('author')) return
  address.searchParams.delete('author')
  history.pushState(null, '', address)
  void follow(redrawn)
}

/** Shows what the address asks for: the page's text stays, and is marked otherwise. */
async function follow(redrawn: () => void): Promise<void> {
  const address = location.href
  fade(classOf(new URL(address).searchParams.get('author')))
  const page = await ask(address, currentIdentity())
  if (page === null || address !== location.href) return
  const focused = document.activeElement?.getAttribute('data-author')
  for (const part of ['.rail', '.byline']) {
    const fresh = page.querySelector(part)
    if (fresh !== null) document.querySelector(part)?.replaceChildren(...fresh.childNodes)
  }
  if (focused) document.querySelector<HTMLElement>(`.legend-row[data-author="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true })
  redrawn()
}

/** The class of an author's runs, as the rail knows it. */
function classOf(author: string | null): string | null {
  if (author === null) return null
  const row = document.querySelector(`.legend-row[data-author="${CSS.escape(author)}"]`)
  return /(?:^| )(b\d+)/.exec(row?.className ?? '')?.[1] ?? null
}

function fade(kept: string | null): void {
  document.querySelector('#chosen')?.remove()
  if (kept === null) return
  const style = document.createElement('style')
  style.id = 'chosen'
  style.textContent = `.prose .r:not(.${kept}){opacity:.35}.prose .r.${kept}{background:var(--tint)}`
  document.head.append(style)
}
