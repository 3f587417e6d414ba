/** The demo: one page at a time, by address. */
import '@fontsource-variable/source-serif-4/wght.css'
import '@fontsource-variable/source-serif-4/wght-italic.css'
import './style.css'
import type { Identity } from './api'
import { drawArticle, type OpenArticle } from './articlepage'
import { fill, h } from './dom'
import { drawNewArticle } from './newarticlepage'
import { nextOf } from './next'
import type { Exits } from './personmenu'
import { go, routeOf, travelled, watchLinks } from './routes'
import { currentIdentity, forget, remember } from './session'
import { drawSignIn } from './signinpage'

const app = document.querySelector<HTMLElement>('#app') as HTMLElement
let open: OpenArticle | null = null

const exits: Exits = {
  signIn: () => askWho(),
  signOut: () => {
    forget()
    go('/')
  },
  recoloured: () => undefined,
}

/** A new sign-in is a new page: no replica of one author is ever used by another. */
function signedIn(identity: Identity): void {
  remember(identity)
  if (location.pathname === '/sign-in') go(nextOf(location.search, location.origin))
  else draw()
}

function askWho(): void {
  turnPage()
  document.title = 'Sign in · Palimpsest'
  drawSignIn(app, signedIn)
}

function turnPage(): void {
  open?.close()
  open = null
}

function draw(): void {
  const route = routeOf(location.pathname)
  if (route.page === 'article' && route.slug === open?.slug) return void open.turn(route.mode)
  turnPage()
  const identity = currentIdentity()
  document.title = 'Palimpsest'
  if (route.page === 'article') open = drawArticle(app, route.slug, route.mode, identity, exits)
  else if (route.page === 'sign-in') askWho()
  else if (route.page === 'new') identity === null ? askWho() : drawNewArticle(app, identity, exits)
  else fill(app, h('main', { class: 'sheet' }, h('h1', {}, 'There is no page at this address'), h('p', {}, h('a', { href: '/' }, 'All articles'))))
}

travelled.on(draw)
watchLinks()
draw()
