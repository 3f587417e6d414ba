// Hocuspocus as its documentation starts it: in memory, or with SQLite in the file HOCUSPOCUS_FILE.
import { Server } from '@hocuspocus/server'

const file = process.env.HOCUSPOCUS_FILE
const extensions = []
if (file) {
  const { SQLite } = await import('@hocuspocus/extension-sqlite')
  extensions.push(new SQLite({ database: file }))
}
const server = new Server({ address: '127.0.0.1', port: 0, quiet: true, extensions })
await server.listen()
console.log(`listening on http://127.0.0.1:${server.address.port}`)
