/** Keeps out of the text what replicas would count differently: carriage returns and halves of surrogate pairs. */
import { EditorState, Transaction, type ChangeSpec, type Extension, type Text } from '@codemirror/state'
import { EditorView } from '@codemirror/view'
import { ySyncAnnotation } from 'y-codemirror.next'

/** The text with LF line ends and without lone surrogates. */
export function clean(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
}

export const cleanInput: Extension = [
  EditorView.clipboardInputFilter.of(clean),
  EditorState.transactionFilter.of((transaction) => {
    if (!transaction.docChanged || transaction.annotation(ySyncAnnotation) !== undefined || isClean(transaction)) return transaction
    return [{ ...cleaned(transaction), annotations: Transaction.userEvent.of(transaction.annotation(Transaction.userEvent) ?? 'input') }]
  }),
]

function isClean({ changes, startState: { doc } }: Transaction): boolean {
  let is = true
  changes.iterChanges((from, to, _fromB, _toB, inserted) => {
    const text = inserted.sliceString(0, inserted.length, '\n')
    is &&= text === clean(text) && !insidePair(doc, from) && !insidePair(doc, to)
  }, true)
  return is
}

function cleaned({ changes, startState: { doc }, scrollIntoView }: Transaction): { changes: ChangeSpec[]; selection: { anchor: number }; scrollIntoView: boolean } {
  const whole: { from: number; to: number; insert: string }[] = []
  changes.iterChanges((from, to, _fromB, _toB, inserted) => {
    whole.push(widened(doc, from, to, inserted.sliceString(0, inserted.length, '\n')))
  }, true)
  const shift = whole.reduce((sum, { from, to, insert }) => sum + insert.length - (to - from), 0)
  return { changes: whole, selection: { anchor: (whole.at(-1)?.to ?? 0) + shift }, scrollIntoView }
}

/** The same change, taking whole surrogate pairs out and putting whole ones in; an insertion into a pair stands behind it. */
export function widened(doc: Text, from: number, to: number, insert: string): { from: number; to: number; insert: string } {
  if (from === to && insidePair(doc, from)) return { from: from + 1, to: to + 1, insert: clean(insert) }
  const before = insidePair(doc, from) ? doc.sliceString(from - 1, from) : ''
  const after = insidePair(doc, to) ? doc.sliceString(to, to + 1) : ''
  return { from: from - before.length, to: to + after.length, insert: clean(before + insert + after) }
}

function insidePair(doc: Text, at: number): boolean {
  return at > 0 && at < doc.length && /^[\ud800-\udbff][\udc00-\udfff]$/.test(doc.sliceString(at - 1, at + 1))
}
