// Hocuspocus as its documentation starts it: in memory, or with SQLite in the file HOCUSPOCUS_FILE;
// alone, or as one of several instances around the Redis HOCUSPOCUS_REDIS (host:port).
import { Server } from '@hocuspocus/server'

// Node 24.19 ends the process when it collects a statement of better-sqlite3: none is collected.
function keepStatements (database) {
  const prepare = database.prepare
  const kept = new Map()
  database.prepare = function (sql) {
    if (!kept.has(sql)) kept.set(sql, prepare.call(this, sql))
    return kept.get(sql)
  }
}

const file = process.env.HOCUSPOCUS_FILE
const extensions = []
if (file) {
  const { SQLite } = await import('@hocuspocus/extension-sqlite')
  const { default: Database } = await import('better-sqlite3')
  keepStatements(Database.prototype)
  extensions.push(new SQLite({ database: file }))
}
const redis = process.env.HOCUSPOCUS_REDIS
if (redis) {
  const { Redis } = await import('@hocuspocus/extension-redis')
  const [host, port] = redis.split(':')
  extensions.push(new Redis({ host, port: Number(port) }))
}
const server = new Server({ address: '127.0.0.1', port: 0, quiet: true, extensions })
await server.listen()
console.log(`listening on http://127.0.0.1:${server.address.port}`)
