// Folds a log with Yjs itself: stdin has {"rows": [update in base64, ...], "seqs": [ascending]}, and
// stdout gets for each seq a line with [text, [[client, clock, length in UTF-16 units], ...]], which
// tells where the visible text after that row comes from.

import { readFileSync } from 'node:fs'
import * as Y from 'yjs'

const { rows, seqs } = JSON.parse(readFileSync(0, 'utf8'))
const doc = new Y.Doc()
const text = doc.getText('content')
let seq = 0

for (const wanted of seqs) {
  for (; seq < wanted; seq++) Y.applyUpdate(doc, Buffer.from(rows[seq], 'base64'))
  const runs = []
  for (let item = text._start; item; item = item.right) {
    if (item.content instanceof Y.ContentString && !item.deleted) runs.push([item.id.client, item.id.clock, item.length])
  }
  process.stdout.write(JSON.stringify([text.toString(), runs]) + '\n')
}
