/** The carets and selections of the others, drawn above the text so that it never moves. */
import { type ChangeSet, EditorSelection, type Extension, StateEffect, type Transaction } from '@codemirror/state'
import { EditorView, type LayerMarker, RectangleMarker, layer, ViewPlugin, type ViewUpdate } from '@codemirror/view'
import * as Y from 'yjs'
import { CaretMarker, Tinted } from './caretmarker'
import type { Dyes } from './colours'
import type { Replica } from './replica'

/** A place in the text as IDs, the form that y-codemirror writes. */
interface Place {
  readonly type: null
  readonly tname: string
  readonly item: { readonly client: number; readonly clock: number } | null
  readonly assoc: number
}

interface State {
  readonly user?: { readonly id?: string; readonly name?: string; readonly color?: string }
  readonly cursor?: { readonly anchor: Place; readonly head: Place } | null
}

/** Another's caret: where it is, in UTF-16 units; null while the text it stands in is not here yet. */
interface Caret {
  readonly cursor: object
  readonly author: string
  readonly name: string
  readonly colour: string
  anchor: number | null
  head: number | null
  /** The cursor speaks of text that has not arrived. */
  ahead: boolean
  /** When it came from another place, by the page's clock in ms; typing along is no other place. */
  came: number
}

const moved = StateEffect.define<null>()

/** The place before the character at `index`, found in the cached order instead of by a walk. */
export function placeAt({ order }: Replica, index: number): Place {
  const run = order.runAt(index)
  const item = index >= order.length ? null : { client: order.client(run), clock: order.clock(run) + index - order.start(run) }
  return { type: null, tname: 'content', item, assoc: 0 }
}

export function cursors(replica: Replica, dyes: Dyes): Extension {
  const { awareness } = replica.socket // its client id stays when Yjs changes the document's after a conflict

  class Carets {
    readonly carets = new Map<number, Caret>()
    /** Somebody's caret went elsewhere, and was not drawn since. */
    #moved = false
    readonly #deaf = replica.socket.read.on(() => this.#draw())

    constructor(readonly view: EditorView) {
      awareness.on('change', this.#heard)
      for (const client of awareness.getStates().keys()) this.#hear(client)
      for (const caret of this.carets.values()) locate(caret, replica)
    }

    update(update: ViewUpdate): void {
      const moves = this.#moved
      if (update.docChanged || update.transactions.some(isMove)) this.#moved = false
      if (update.docChanged) for (const caret of this.carets.values()) follow(caret, update.changes)
      if (update.docChanged || moves) for (const caret of this.carets.values()) if (caret.ahead) locate(caret, replica)
      if (update.selectionSet || update.focusChanged || update.docChanged) this.#tell(update.view)
    }

    destroy(): void {
      this.#deaf()
      awareness.off('change', this.#heard)
      awareness.setLocalStateField('cursor', null)
    }

    readonly #heard = ({ added, updated, removed }: Record<'added' | 'updated' | 'removed', number[]>): void => {
      const others = [...added, ...updated, ...removed].filter((client) => client !== awareness.clientID)
      if (others.length === 0) return
      for (const client of others) this.#hear(client)
      this.#moved = true
      queueMicrotask(() => this.#draw()) // when others have left with the connection; within a batch it is done by then
    }

    /** Unless new text has been drawn, and the carets with it. */
    #draw(): void {
      if (this.#moved) this.view.dispatch({ effects: moved.of(null) })
    }

    #hear(client: number): void {
      const { user, cursor } = (awareness.getStates().get(client) ?? {}) as State
      if (client === awareness.clientID || !cursor || !user) return void this.carets.delete(client)
      const before = this.carets.get(client)
      const { id = '', name = 'Somebody', color = '#777777' } = user
      const caret: Caret = { cursor, author: id, name, colour: color, anchor: before?.anchor ?? null, head: before?.head ?? null, ahead: true, came: before?.came ?? 0 }
      this.carets.set(client, caret)
    }

    /** Tells the others where the caret is here, while this page has the focus. */
    #tell({ state, hasFocus }: EditorView): void {
      if (awareness.getLocalState() === null) return
      const { anchor, head } = state.selection.main
      const cursor = hasFocus && !state.readOnly ? { anchor: placeAt(replica, anchor), head: placeAt(replica, head) } : null
      if (JSON.stringify(awareness.getLocalState()?.['cursor'] ?? null) !== JSON.stringify(cursor)) awareness.setLocalStateField('cursor', cursor)
    }
  }

  const plugin = ViewPlugin.fromClass(Carets)
  const changed = (update: ViewUpdate): boolean =>
    update.docChanged || update.geometryChanged || update.transactions.some(isMove)
  const visible = (view: EditorView): Caret[] =>
    [...(view.plugin(plugin)?.carets.values() ?? [])].filter(({ head }) => head !== null && head >= view.viewport.from && head <= view.viewport.to)
  const colourOf = ({ author, colour }: Caret): string => (dyes().has(author) ? `var(--strong-${dyes().get(author)?.slot})` : colour)
  return [
    plugin,
    layer({
      above: true,
      class: 'cm-carets',
      update: changed,
      markers: (view) => visible(view).flatMap((caret) => CaretMarker.at(view, caret, colourOf(caret)) ?? []),
    }),
    layer({
      above: false,
      class: 'cm-selections',
      update: changed,
      markers: (view) => visible(view).flatMap((caret) => selected(view, caret, colourOf(caret))),
    }),
  ]
}

const isMove = ({ effects }: Transaction): boolean => effects.some((effect) => effect.is(moved))

function follow(caret: Caret, changes: ChangeSet): void {
  caret.anchor = caret.anchor === null ? null : changes.mapPos(caret.anchor, 1)
  caret.head = caret.head === null ? null : changes.mapPos(caret.head, 1)
}

/** Presence may run ahead of the text it speaks of: then the caret stays where it was until the text is here. */
function locate(caret: Caret, { doc, text }: Replica): void {
  const { anchor, head } = caret.cursor as { anchor: Y.RelativePosition; head: Y.RelativePosition }
  const find = (place: Y.RelativePosition): number | null => {
    const found = Y.createAbsolutePositionFromRelativePosition(Y.createRelativePositionFromJSON(place), doc)
    return found?.type === text ? found.index : null
  }
  try {
    const [anchorAt, headAt] = [find(anchor), find(head)]
    caret.ahead = anchorAt === null || headAt === null
    if (caret.ahead) return
    if (headAt !== caret.head) caret.came = performance.now()
    ;[caret.anchor, caret.head] = [anchorAt, headAt]
  } catch {
    caret.head = null // somebody wrote a place that is none
  }
}

function selected(view: EditorView, { anchor, head }: Caret, colour: string): LayerMarker[] {
  if (anchor === null || head === null || anchor === head) return []
  const clamp = (at: number): number => Math.min(view.viewport.to, Math.max(view.viewport.from, at))
  const [from, to] = [clamp(Math.min(anchor, head)), clamp(Math.max(anchor, head))]
  const range = EditorSelection.range(from, to)
  return RectangleMarker.forRange(view, 'selection', range).map((rectangle) => new Tinted(rectangle, colour))
}
