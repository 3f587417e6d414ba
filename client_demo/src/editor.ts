/** The editor of one replica: a page to read or write on. */
import { defaultKeymap } from '@codemirror/commands'
import { search, searchKeymap } from '@codemirror/search'
import { Compartment, EditorState, type Extension } from '@codemirror/state'
import { EditorView, keymap, placeholder } from '@codemirror/view'
import { yCollab, yUndoManagerKeymap } from 'y-codemirror.next'
import { anchor } from './anchor'
import { card } from './card'
import { cleanInput } from './cleaninput'
import { colours, type Dyes } from './colours'
import { cursors } from './cursors'
import { follower } from './follower'
import { links } from './links'
import { manuscript, quiet } from './manuscript'
import { plainText } from './plaintext'
import type { Replica } from './replica'

const page = EditorView.contentAttributes.of({ 'aria-label': 'Text of the article', spellcheck: 'true', autocorrect: 'on', autocapitalize: 'sentences', tabindex: '0' })

export interface Editor {
  readonly view: EditorView
  /** Lets a person write, or only read. */
  permit(writing: boolean): void
}

/** `edge` says where the text comes out below the bar, in pixels from the top of the window. */
export function openEditor(replica: Replica, dyes: Dyes, edge: () => number, extras: Extension): Editor {
  const permission = new Compartment()
  const view = new EditorView({
    state: EditorState.create({
      doc: plainText(replica.text),
      extensions: [
        EditorState.lineSeparator.of('\n'), // Y.Text counts CR LF as two: an editor that makes one of it is off for ever
        EditorView.lineWrapping,
        EditorView.perLineTextDirection.of(true),
        page,
        permission.of(permitted(false)),
        cleanInput,
        yCollab(replica.text, null), // before everything that reads positions: from here on text and document agree
        follower(replica),
        keymap.of([...yUndoManagerKeymap, ...searchKeymap, ...defaultKeymap]),
        search({ top: true }),
        manuscript,
        colours(replica, dyes),
        cursors(replica, dyes),
        anchor(replica, edge),
        card(replica, dyes),
        links,
        extras,
      ],
    }),
  })
  return { view, permit: (writing) => view.dispatch({ effects: permission.reconfigure(permitted(writing)) }) }
}

function permitted(writing: boolean): Extension {
  return writing
    ? placeholder('Begin to write. A line that starts with # is a heading.')
    : [EditorState.readOnly.of(true), EditorView.editable.of(false), quiet.of(true), placeholder('Nothing is written here yet.')]
}
