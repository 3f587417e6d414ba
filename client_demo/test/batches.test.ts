import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { readInBatches } from '../src/batches'

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('window', new EventTarget())
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

interface Ear {
  onmessage: ((event: { data: Uint8Array }) => void) | null
  onclose: ((event: object) => void) | null
}

/** A provider with a socket, and what is heard of its document. */
function desk() {
  const doc = new Y.Doc()
  const heard: string[] = []
  const socket: Ear = { onmessage: ({ data }) => Y.applyUpdate(doc, data, 'provider'), onclose: () => heard.push('closed') }
  let connecting: (told: { status: string }) => void = () => undefined
  const provider = { doc, ws: socket, on: (_name: string, listener: typeof connecting) => (connecting = listener) } as unknown as WebsocketProvider
  readInBatches(provider, () => heard.push('before'), () => heard.push('after'))
  connecting({ status: 'connecting' })
  doc.getText('content').observe((_event, { origin, local }) => heard.push(`${doc.getText('content')}${origin === provider && !local ? '' : '!'}`))
  return { socket, heard }
}

/** The updates of somebody who types a word. */
function typed(word: string): Uint8Array[] {
  const doc = new Y.Doc()
  const updates: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => updates.push(update))
  for (const letter of word) doc.getText('content').insert(doc.getText('content').length, letter)
  return updates
}

test('many updates are one change of the text', () => {
  const { socket, heard } = desk()
  for (const data of typed('word')) socket.onmessage?.({ data })
  expect(heard).toEqual([])
  vi.advanceTimersByTime(1)
  expect(heard).toEqual(['before', 'word', 'after'])
})

test('the last words of a socket are read before it closes', () => {
  const { socket, heard } = desk()
  for (const data of typed('bye')) socket.onmessage?.({ data })
  socket.onclose?.({})
  expect(heard).toEqual(['before', 'bye', 'after', 'closed'])
})

test('an update that cannot be read takes no other with it', () => {
  const { socket, heard } = desk()
  const [first, second] = typed('ab')
  for (const data of [first, new Uint8Array([9, 9, 9]), second]) if (data !== undefined) socket.onmessage?.({ data })
  expect(() => vi.advanceTimersByTime(1)).toThrow()
  vi.advanceTimersByTime(300)
  expect(heard).toEqual(['before', 'a', 'after', 'before', 'ab', 'after'])
})
