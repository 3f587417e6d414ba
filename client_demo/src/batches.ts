/** A provider's messages in batches: one Yjs transaction for each, so that the page is drawn once for many updates. */
import type { WebsocketProvider } from 'y-websocket'
import * as Y from 'yjs'
import { Inbox, type Message } from './inbox'

/** Has `provider` read in batches, with a call before and after each of them. The answer ends it. */
export function readInBatches(provider: WebsocketProvider, before: () => void, after: () => void): () => void {
  const inbox = new Inbox((messages, enough) => {
    if (messages.length === 0) return
    before()
    try {
      Y.transact(provider.doc, () => readSome(messages, enough), provider, false)
    } finally {
      after()
    }
  })
  provider.on('status', ({ status }: { status: string }) => {
    if (status === 'connecting' && provider.ws !== null) divert(provider.ws, inbox)
  })
  return () => inbox.close()
}

function readSome(messages: Message[], enough: () => boolean): void {
  let read = 0
  try {
    do messages[read++]?.()
    while (read < messages.length && !enough())
  } finally {
    messages.splice(0, read) // a message that cannot be read is not read again
  }
}

/** The last words of a socket are read before its end is noticed: they say why. */
function divert(socket: WebSocket, inbox: Inbox): void {
  const { onmessage, onclose } = socket
  socket.onmessage = (event) => inbox.put(() => onmessage?.call(socket, event))
  socket.onclose = (event) => {
    inbox.flush()
    onclose?.call(socket, event)
  }
}
