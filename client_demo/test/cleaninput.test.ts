import { EditorState, Text } from '@codemirror/state'
import { expect, test } from 'vitest'
import { clean, cleanInput, widened } from '../src/cleaninput'

const typed = (doc: string, from: number, to: number, insert: string): string => {
  const state = EditorState.create({ doc, extensions: [EditorState.lineSeparator.of('\n'), cleanInput] })
  return state.update({ changes: { from, to, insert } }).state.doc.toString()
}

test('carriage returns become line feeds', () => {
  expect(clean('a\r\nb\rc')).toBe('a\nb\nc')
})

test('half a surrogate pair becomes the replacement character', () => {
  expect(clean('a\ud83eb\uddeck')).toBe('a\ufffdb\ufffdk')
})

test('whole pairs stay', () => {
  expect(clean('🧬👩🏽‍🔬')).toBe('🧬👩🏽‍🔬')
})

test('a change that would cut an emoji takes the whole of it', () => {
  expect(widened(Text.of(['😀']), 1, 2, '\ude01')).toEqual({ from: 0, to: 2, insert: '😁' })
})

test('text put into a pair stands behind it', () => {
  expect(typed('😀', 1, 1, 'x')).toBe('😀x')
})

test('pasted CR LF reaches the text as LF', () => {
  expect(typed('', 0, 0, 'a\r\nb')).toBe('a\nb')
})

test('clean text is left as it is', () => {
  expect(typed('abc', 1, 2, 'é🧬')).toBe('aé🧬c')
})
