/** The card beside a run of text: who wrote it, when, and since which revision it stands here. */
import { fill, h } from '../dom'
import { noteOf, runAt } from './runs'
import { sayTimes } from './times'

/** How long the pointer rests before the card comes, in ms: at once while one looks at colours. */
const patience = { coloured: 120, plain: 650 } as const

export class Card {
  readonly #element = h('div', { class: 'card', role: 'status', hidden: true })
  #timer: ReturnType<typeof setTimeout> | undefined
  #picked: HTMLElement | null = null

  constructor(readonly prose: HTMLElement) {
    document.body.append(this.#element)
    prose.addEventListener('pointermove', (event) => this.#point(event))
    prose.addEventListener('pointerleave', () => this.#rest())
    prose.addEventListener('click', (event) => this.#click(event))
    document.addEventListener('pointerdown', ({ target }) => this.#element.contains(target as Node) || runAt(target) !== null || this.hide())
    window.addEventListener('scroll', () => this.#picked === null && this.hide(), { passive: true })
    window.addEventListener('resize', () => this.hide())
  }

  get picked(): HTMLElement | null {
    return this.#picked
  }

  /** Shows the card of a run until something else is wanted. */
  pick(run: HTMLElement, at?: { readonly x: number; readonly y: number }): void {
    this.hide()
    this.#picked = run
    run.classList.add('picked')
    this.#element.classList.add('pinned')
    this.#tell(run, at)
  }

  readonly hide = (): void => {
    clearTimeout(this.#timer)
    this.#picked?.classList.remove('picked')
    this.#picked = null
    this.#element.hidden = true
    this.#element.classList.remove('pinned')
  }

  #click(event: MouseEvent): void {
    const run = runAt(event.target)
    const selecting = getSelection()?.isCollapsed === false
    if (run === null || selecting || (event.target as Element).closest('a[href]') !== null) return
    if (run === this.#picked) this.hide()
    else this.pick(run, { x: event.clientX, y: event.clientY })
  }

  #point(event: PointerEvent): void {
    if (this.#picked !== null || event.pointerType === 'touch' || event.buttons !== 0) return
    this.#rest()
    const { clientX: x, clientY: y } = event
    const run = runAt(event.target)
    const cited = run?.closest<HTMLAnchorElement>('a.cite')
    const wait = cited || document.body.classList.contains('coloured') ? patience.coloured : patience.plain
    if (run !== null) this.#timer = setTimeout(() => this.#tell(run, { x, y }), wait)
  }

  #rest(): void {
    if (this.#picked === null) this.hide()
  }

  #tell(run: HTMLElement, at?: { readonly x: number; readonly y: number }): void {
    const note = noteOf(run)
    if (note === null) return
    const told = h('div', { class: note.className.replace('note', 'card-note') }, ...[...note.childNodes].map((child) => child.cloneNode(true)))
    told.querySelector('.note-close')?.remove()
    sayTimes(told, Date.now())
    fill(this.#element, ...referenceOf(run), told)
    this.#element.hidden = false
    this.#place(lineOf(run, at?.y), at?.x)
  }

  /** Below the line, moved to stay on the page. */
  #place(line: DOMRect, x = line.left + 24): void {
    const { width, height } = this.#element.getBoundingClientRect()
    const left = Math.max(8, Math.min(x - 24, document.documentElement.clientWidth - width - 8))
    const below = line.bottom + 8 + height < window.innerHeight
    this.#element.style.translate = `${left}px ${below ? line.bottom + 6 : Math.max(8, line.top - height - 6)}px`
  }
}

/** The box of that line of a run which is at a height. */
function lineOf(run: HTMLElement, y?: number): DOMRect {
  const lines = [...run.getClientRects()]
  return lines.find(({ top, bottom }) => y !== undefined && y >= top - 4 && y <= bottom + 4) ?? lines[0] ?? run.getBoundingClientRect()
}

/** What the number under the pointer cites. */
function referenceOf(run: HTMLElement): HTMLElement[] {
  const cited = run.closest<HTMLAnchorElement>('a.cite')
  const reference = cited && document.getElementById(cited.hash.slice(1))
  if (!reference) return []
  const text = [...reference.querySelectorAll('.r')].map((part) => part.textContent).join('')
  return [h('p', { class: 'card-reference' }, h('b', {}, `${cited.textContent} `), text)]
}
