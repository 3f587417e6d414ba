/** Holds the line that somebody reads, or writes in, where it is on screen while others change the text above it. */
import type { Extension } from '@codemirror/state'
import { type EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view'
import type { Replica } from './replica'

/** A character and where it is on screen. */
interface Held {
  position: number
  readonly top: number
}

/** How far below the upper edge the first line begins that is read, in pixels. */
const margin = 6

/** `edge` says where the text comes out below the bar, in pixels from the top of the window. */
export function anchor(replica: Replica, edge: () => number): Extension {
  class Anchor {
    #held: Held | null = null
    readonly #ends = [replica.socket.reading.on(() => this.#hold()), replica.socket.read.on(() => this.#restore())]

    constructor(readonly view: EditorView) {}

    update({ docChanged, changes }: ViewUpdate): void {
      if (this.#held !== null && docChanged) this.#held.position = changes.mapPos(this.#held.position, this.#held.position === 0 ? -1 : 1)
    }

    destroy(): void {
      for (const end of this.#ends) end()
    }

    #hold(): void {
      this.#held = null
      if (!replica.known || document.hidden) return
      const position = this.#read()
      const box = this.view.coordsAtPos(position, 1)
      if (box !== null) this.#held = { position, top: box.top }
    }

    /** Where one looks: at one's own caret, or else at the first line that is not hidden. */
    #read(): number {
      const { head } = this.view.state.selection.main
      const caret = this.view.hasFocus ? this.view.coordsAtPos(head) : null
      const visible = caret !== null && caret.top > edge() && caret.bottom < window.innerHeight
      return visible ? head : this.view.posAtCoords({ x: this.view.contentDOM.getBoundingClientRect().left + 1, y: edge() + margin }, false)
    }

    #restore(): void {
      if (this.#held === null) return
      const { position, top } = this.#held
      this.#held = null
      const now = this.view.coordsAtPos(position, 1) // what CodeMirror itself does about it is done by then
      if (now !== null && Math.abs(now.top - top) >= 1) window.scrollBy({ top: now.top - top, behavior: 'instant' })
    }
  }
  return ViewPlugin.fromClass(Anchor)
}
