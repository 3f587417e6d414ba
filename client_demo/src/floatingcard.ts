/** A small card beside what it tells of; it never takes the pointer. */
import { fill, h } from './dom'

/** Where something is on screen, in pixels. */
export interface Box {
  readonly top: number
  readonly bottom: number
}

export class FloatingCard {
  readonly #dom = h('div', { class: 'card', role: 'tooltip', hidden: true })
  #timer: ReturnType<typeof setTimeout> | undefined
  #shown = ''

  constructor() {
    document.body.append(this.#dom)
    window.addEventListener('scroll', this.hide, { passive: true })
  }

  close(): void {
    this.hide()
    this.#dom.remove()
    window.removeEventListener('scroll', this.hide)
  }

  /** Shows something after so many ms, unless something else is asked for before. */
  soon(show: () => void, wait: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(show, wait)
  }

  readonly hide = (): void => {
    clearTimeout(this.#timer)
    this.#shown = ''
    this.#dom.hidden = true
  }

  /** Whether it is this that is shown now. */
  shows(what: string): boolean {
    return !this.#dom.hidden && this.#shown === what
  }

  /** Below the box, moved to stay on the page; `x` is where one points. */
  show(what: string, children: readonly HTMLElement[], box: Box, x: number): void {
    this.#shown = what
    fill(this.#dom, ...children)
    this.#dom.hidden = false
    const { width, height } = this.#dom.getBoundingClientRect()
    const left = Math.max(8, Math.min(x - 24, document.documentElement.clientWidth - width - 8))
    const below = box.bottom + 8 + height < window.innerHeight
    this.#dom.style.translate = `${left}px ${below ? box.bottom + 6 : box.top - height - 6}px`
  }
}
