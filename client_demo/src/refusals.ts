/** What the server has refused here, told in a banner until it is over. */
import { getArticle, Problem, type Article, type Identity } from './api'
import { drawBanner, type Ways } from './banner'
import { h } from './dom'
import { isFinal, isPassing, readRefusal, type Refusal } from './refusal'
import type { Replica } from './replica'
import { go } from './routes'
import { Signal } from './signal'

export class Refusals {
  readonly banner = h('div', { class: 'banner', role: 'alert', hidden: true })
  readonly changed = new Signal()
  /** The article's title, when the server has told it. */
  readonly entitled = new Signal<string>()
  #current: Refusal | null = null
  readonly #ways: Ways

  constructor(
    readonly app: HTMLElement,
    readonly slug: string,
    readonly identity: Identity | null,
    readonly replica: Replica,
    signIn: () => void,
  ) {
    this.#ways = {
      copyText: () => navigator.clipboard.writeText(replica.text.toString()),
      reload: () => replica.forget().then(() => location.reload()),
      signIn,
      back: () => go('/'),
      dismiss: () => this.hear(null),
    }
  }

  /** The server has said that it cannot store edits for now. */
  get troubled(): boolean {
    return this.#current !== null && isPassing(this.#current)
  }

  /** Why nothing may be written here, null when it may. */
  get frozen(): string | null {
    if (this.#current !== null && isFinal(this.#current)) return this.#current.remedy === 'sign-in' ? 'sign in again' : 'not accepted'
    return this.identity === null ? 'sign in to write' : null
  }

  hear(said: Refusal | null): void {
    if (said !== null && this.identity === null && said.code === 'read-only') return
    this.#current = said
    drawBanner(this.banner, said, this.#ways)
    this.app.classList.toggle('gone', said?.remedy === 'back')
    if (said?.remedy === 'back') this.entitled.emit('No article here')
    document.documentElement.style.setProperty('--banner', `${this.banner.offsetHeight}px`)
    this.changed.emit()
  }

  /** What only had to wait is forgotten when it is over. */
  endWaiting(): void {
    if (this.troubled) this.hear(null)
  }

  /** A browser does not say why a socket was refused; the article's own address does. */
  inquire(): void {
    getArticle(this.identity?.token ?? null, this.slug).then(
      ({ title }: Article) => this.entitled.emit((this.replica.title = title)),
      (error: unknown) => {
        if (!(error instanceof Problem) || error.status >= 500) return
        const said = readRefusal(`${error.code}: ${error.message}`)
        if (isFinal(said)) this.replica.socket.disconnect()
        this.hear(said)
      },
    )
  }

  close(): void {
    this.app.classList.remove('gone')
    document.documentElement.style.removeProperty('--banner')
  }
}
