// Tells where the visible text of a document comes from: for each update (base64) on a line of stdin
// a line with [[client, clock, length in UTF-16 units], ...] in document order.

import { createInterface } from 'node:readline'
import * as Y from 'yjs'

createInterface({ input: process.stdin }).on('line', line => {
  const doc = new Y.Doc()
  const text = doc.getText('content')
  Y.applyUpdate(doc, Buffer.from(line, 'base64'))
  const runs = []
  for (let item = text._start; item; item = item.right) {
    if (item.content instanceof Y.ContentString && !item.deleted) runs.push([item.id.client, item.id.clock, item.length])
  }
  process.stdout.write(JSON.stringify(runs) + '\n')
})
