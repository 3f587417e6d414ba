// Reads updates of version 1, base64, one a line, and prints them as version 2.
import { createInterface } from 'node:readline'
import * as Y from 'yjs'

for await (const line of createInterface({ input: process.stdin })) {
  const update = Y.convertUpdateFormatV1ToV2(Buffer.from(line, 'base64'))
  process.stdout.write(Buffer.from(update).toString('base64') + '\n')
}
