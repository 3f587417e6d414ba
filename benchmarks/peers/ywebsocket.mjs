// y-websocket's server as its own server.js starts it, on a free port, in memory.
import http from 'http'
import WebSocket from 'ws'
import { setupWSConnection } from '@y/websocket-server/utils'

const sockets = new WebSocket.Server({ noServer: true })
sockets.on('connection', setupWSConnection)
const server = http.createServer((_, response) => response.end('okay'))
server.on('upgrade', (request, socket, head) => {
  sockets.handleUpgrade(request, socket, head, each => sockets.emit('connection', each, request))
})
server.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`)
})
