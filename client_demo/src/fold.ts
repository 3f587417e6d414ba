/** A long list that shows its beginning, and all of it when asked. */
import { h } from './dom'

/** A list and the button below it; rows that are pressed are shown in any case. */
export class Fold {
  readonly list: HTMLElement
  readonly more = h('button', { type: 'button', class: 'fold-more quiet', 'aria-expanded': 'false', hidden: true, onclick: () => this.#turn() })
  #open = false

  constructor(
    className: string,
    readonly shown: number,
  ) {
    this.list = h('ul', { class: className })
    new MutationObserver(() => this.#stand()).observe(this.list, { childList: true })
  }

  #turn(): void {
    this.#open = !this.#open
    this.#stand()
  }

  #stand(): void {
    const rows = [...this.list.children]
    this.list.classList.toggle('unfolded', this.#open)
    rows.forEach((row, number) => row.classList.toggle('beyond', number >= this.shown))
    this.more.hidden = rows.length <= this.shown
    this.more.setAttribute('aria-expanded', String(this.#open))
    this.more.textContent = this.#open ? 'Show fewer' : `Show ${rows.length - this.shown} more`
  }
}
