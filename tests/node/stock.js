// Stock Yjs clients in one process, driven by lines of JSON: {"number", "client", "do", ...} on stdin,
// {"number", "answer"} or {"number", "error"} on stdout. Nothing of the packages is changed.

import 'fake-indexeddb/auto'
import { createInterface } from 'node:readline'
import { WebSocket } from 'ws'
import * as Y from 'yjs'

const PATIENCE = 20_000 // milliseconds until a condition is given up
const clients = new Map()
const complaints = [] // what the packages print

for (const kind of ['error', 'warn', 'log']) {
  console[kind] = (...words) => { complaints.push(words.join(' ')); wake() }
}

let waiting = []
const wake = () => {
  const all = waiting
  waiting = []
  for (const each of all) each()
}

// Wait until a condition holds; it is looked at whenever something has happened.
const until = async (condition, what) => {
  const deadline = Date.now() + PATIENCE
  while (!condition()) {
    const left = deadline - Date.now()
    if (left <= 0) throw new Error(`${what()} did not come; ${complaints.slice(-3)}`)
    await new Promise(resolve => { waiting.push(resolve); setTimeout(resolve, left) })
  }
  return true
}

class Client {
  constructor ({ clientId, gc = true }) {
    this.doc = new Y.Doc({ gc })
    if (clientId) this.doc.clientID = clientId
    this.text = this.doc.getText('content')
    this.undoManager = new Y.UndoManager(this.text, { captureTimeout: 0 })
    this.statuses = []
    this.closes = []
    this.doc.on('update', wake)
  }

  async connect ({ version, url, room, params }) {
    const { WebsocketProvider } = await import(`y-websocket-${version}`)
    this.provider = new WebsocketProvider(url, room, this.doc, {
      params, WebSocketPolyfill: WebSocket, disableBc: true
    })
    this.provider.on('status', ({ status }) => { this.statuses.push(status); wake() })
    this.provider.on('connection-close', event => { this.closes.push(event ? event.code : null); wake() })
    this.provider.on('sync', wake)
    this.provider.awareness.on('change', wake)
  }

  async store ({ name }) {
    const { IndexeddbPersistence } = await import('y-indexeddb')
    this.stored = new IndexeddbPersistence(name, this.doc)
    await this.stored.whenSynced
  }

  async quill () {
    const { openQuill } = await import('./quill.js')
    this.editor = await openQuill(this.text, this.provider.awareness)
  }

  quillInsert ({ position, text, formats = {} }) { this.editor.insertText(position, text, formats, 'user') }
  quillFormat ({ position, length, formats }) { this.editor.formatText(position, length, formats, 'user') }
  quillDelete ({ position, length }) { this.editor.deleteText(position, length, 'user') }
  quillText () { return this.editor.getText() }
  insert ({ position, text, attributes }) { this.text.insert(position, text, attributes) }
  append ({ text }) { this.text.insert(this.text.length, text) }
  type ({ text }) { for (const character of text) this.append({ text: character }) }
  // Pieces that no merging can fuse: each stands before the one that came before it
  fill ({ pieces, length }) {
    for (let n = 0; n < pieces; n++) this.text.insert(0, String(n).padEnd(length, '.').slice(0, length))
  }

  delete ({ position, length }) { this.text.delete(position, length) }
  format ({ position, length, attributes }) { this.text.format(position, length, attributes) }
  undo () { return this.undoManager.undo() !== null }
  redo () { return this.undoManager.redo() !== null }
  present ({ state }) { this.provider.awareness.setLocalState(state) }
  presences () { return [...this.provider.awareness.getStates()].map(([id, state]) => ({ id, state })) }
  apply ({ update }) { Y.applyUpdate(this.doc, Buffer.from(update, 'base64')) }
  encode () { return Buffer.from(Y.encodeStateAsUpdate(this.doc)).toString('base64') }
  disconnect () { this.provider.disconnect() }
  reconnect () { this.provider.connect() }
  read () { return this.text.toString() }
  delta () { return this.text.toDelta() }
  clientId () { return this.doc.clientID }

  state () {
    const { synced, wsconnected, shouldConnect } = this.provider
    return { synced, connected: wsconnected, shouldConnect, statuses: this.statuses, closes: this.closes }
  }

  untilText ({ text }) {
    return until(() => this.text.toString() === text, () => `the text ${text.slice(0, 80)} (not ${this.text.toString().slice(0, 80)})`)
  }

  untilSynced () { return until(() => this.provider.synced, () => 'sync') }
  untilClosed ({ times = 1 }) { return until(() => this.closes.length >= times, () => `close ${times}`) }
  untilPresences ({ people }) {
    return until(() => this.presences().length === people, () => `presence of ${people}`)
  }

  async destroy () {
    this.provider?.destroy()
    await this.stored?.destroy()
    this.doc.destroy()
  }
}

const complained = ({ about, times = 1 }) =>
  until(() => complaints.filter(line => line.includes(about)).length >= times, () => `a word about ${about}`)

const obey = async command => {
  if (command.do === 'open') return void clients.set(command.client, new Client(command))
  if (command.do === 'complaints') return complaints
  if (command.do === 'untilComplaint') return complained(command)
  return clients.get(command.client)[command.do](command)
}

createInterface({ input: process.stdin }).on('line', async line => {
  const command = JSON.parse(line)
  let answer
  try {
    answer = { answer: await obey(command) ?? null }
  } catch (error) {
    answer = { error: error.stack }
  }
  process.stdout.write(JSON.stringify({ number: command.number, ...answer }) + '\n')
}).on('close', () => process.exit(0))
