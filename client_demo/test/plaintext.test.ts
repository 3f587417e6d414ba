import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { plainText, showStrangers } from '../src/plaintext'

test('an embed is one character, as Y.Text counts it', () => {
  const text = new Y.Doc().getText('content')
  text.insert(0, 'ab')
  text.insertEmbed(1, { image: 'x' })
  expect([plainText(text), text.length]).toEqual(['a\ufffcb', 3])
})

test('formatted text is text', () => {
  const text = new Y.Doc().getText('content')
  text.insert(0, 'ab')
  text.format(0, 1, { bold: true })
  expect(plainText(text)).toBe('ab')
})

test('observers see a placeholder for an embed that somebody else put in', () => {
  const [doc, other] = [new Y.Doc(), new Y.Doc()]
  const seen: unknown[] = []
  showStrangers(doc.getText('content'))
  doc.getText('content').observe(({ delta }) => seen.push(...delta))
  other.getText('content').insertEmbed(0, { image: 'x' })
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(other))
  expect(seen).toEqual([{ insert: '\ufffc' }])
})
