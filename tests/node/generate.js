// Writes a history: several people with real Yjs documents, who type, paste, delete, undo and redo,
// and see each other's work late, but always in one order, as with a server in the middle.
// Who wrote what is kept in a table beside the documents: an undo's copy points to its original, and
// keeps its author unless another copy of the same words is still there (two people may undo the
// deletion of the same words without knowing of each other; only the first brings them back as they were).
//
//   node generate.js SEED PEOPLE STEPS   ->   one JSON object on stdout

import * as Y from 'yjs'

const [seed, people, steps] = process.argv.slice(2).map(Number)

const random = (() => {
  let state = seed * 2654435761 >>> 0 || 1
  return () => { // mulberry32
    state = state + 0x6D2B79F5 >>> 0
    let mixed = Math.imul(state ^ state >>> 15, state | 1)
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61)
    return ((mixed ^ mixed >>> 14) >>> 0) / 4294967296
  }
})()
const below = n => Math.floor(random() * n)
const pick = list => list[below(list.length)]

const WORDS = [
  'gene', 'Bach2', ' ', ' ', 'e\u0301tude', 'n\u0303', 'a\u0323\u0302', '\u{1F600}', '\u{1F468}\u200D\u{1F469}\u200D\u{1F467}',
  '\u{1F1E9}\u{1F1EA}', '\u{1D538}', '\u05D0\u05D1', '\u0E01\u0E33', '\n', '**', 'TAAC', 'fi', '\u00DF', '\u{2F80F}', 'x', 'y'
]

const authors = new Map() // 'client:clock' -> person
const sources = new Map() // a copy -> the character that was first
const copies = new Map() // the character that was first -> the copy that kept its author
const dead = new Set() // every deleted character, once its deletion is told
const nameOf = (client, clock) => `${client}:${clock}`
const order = [] // every step, in the one order

const deletions = transaction => [...transaction.deleteSet.clients].flatMap(
  ([client, ranges]) => ranges.map(({ clock, len }) => [client, clock, len])
)

const signCopy = (copy, original) => {
  const source = sources.get(original) || original
  const other = copies.get(source)
  if (other && !dead.has(other)) return
  sources.set(copy, source)
  copies.set(source, copy)
  authors.set(copy, authors.get(source))
}

class Person {
  constructor (number) {
    this.number = number
    this.doc = new Y.Doc()
    this.doc.clientID = 1 + below(2 ** 32 - 1)
    this.text = this.doc.getText('content')
    this.undo = new Y.UndoManager(this.text, { captureTimeout: 1e12 })
    this.seen = 0
    this.caret = 0
    this.doc.on('afterTransaction', transaction => transaction.local && this.sign(transaction))
    this.doc.on('update', (update, origin, doc, transaction) => {
      if (transaction.local) order.push(this.step(update, transaction))
    })
  }

  // Write down who is the author of what this transaction brought
  sign (transaction) {
    const { clientID } = this.doc
    const from = transaction.beforeState.get(clientID) || 0
    const to = transaction.afterState.get(clientID) || 0
    for (const [client, clock, length] of deletions(transaction)) {
      for (let i = 0; i < length; i++) dead.add(nameOf(client, clock + i))
    }
    for (let clock = from; clock < to; clock++) authors.set(nameOf(clientID, clock), this.number)
    if (transaction.origin === this.undo) this.signCopies(from, to)
  }

  signCopies (from, to) {
    const pairs = []
    for (const structs of this.doc.store.clients.values()) {
      for (const { id, length, redone } of structs) {
        if (!redone || redone.client !== this.doc.clientID || redone.clock < from || redone.clock >= to) continue
        for (let i = 0; i < length; i++) pairs.push([redone.clock + i, nameOf(id.client, id.clock + i)])
      }
    }
    pairs.sort(([one], [other]) => one - other) // the first of two copies of one character keeps its author
    for (const [clock, original] of pairs) signCopy(nameOf(this.doc.clientID, clock), original)
  }

  step (update, transaction) {
    const { clientID } = this.doc
    const from = transaction.beforeState.get(clientID) || 0
    const to = transaction.afterState.get(clientID) || 0
    return {
      person: this.number,
      seen: this.seen,
      inserted: to > from ? [[clientID, from, to - from]] : [],
      deleted: deletions(transaction),
      update: Buffer.from(update).toString('base64')
    }
  }

  look (number) { // see the others' steps up to a number
    for (; this.seen < number; this.seen++) {
      const step = order[this.seen]
      if (step.person !== this.number) Y.applyUpdate(this.doc, Buffer.from(step.update, 'base64'), 'others')
    }
  }

  place () { // a position that cuts no code point
    const text = this.text.toString()
    let position = random() < 0.5 ? Math.min(this.caret, text.length) : below(text.length + 1)
    const unit = text.charCodeAt(position)
    if (unit >= 0xDC00 && unit <= 0xDFFF) position--
    return position
  }

  type () {
    const position = this.place()
    const word = pick(WORDS)
    this.text.insert(position, word)
    this.caret = position + word.length
  }

  paste () { // what anybody wrote, somewhere else: it is the paster's now
    const from = this.place()
    const copied = [...this.text.toString().slice(from)].slice(0, 1 + below(40)).join('')
    if (copied) this.text.insert(this.place(), copied)
  }

  erase () {
    const position = this.place()
    const gone = [...this.text.toString().slice(position)].slice(0, 1 + below(random() < 0.2 ? 60 : 6)).join('')
    if (gone) this.text.delete(position, gone.length)
    this.caret = position
  }

  replace () {
    this.doc.transact(() => { this.erase(); this.type() })
  }

  act () {
    if (random() < 0.5) this.undo.stopCapturing()
    const chance = random()
    if (chance < 0.5) this.type()
    else if (chance < 0.58) this.paste()
    else if (chance < 0.76) this.erase()
    else if (chance < 0.82) this.replace()
    else if (chance < 0.93) this.undo.undo()
    else this.undo.redo()
  }
}

const everybody = Array.from({ length: people }, (_, number) => new Person(number))
while (order.length < steps) {
  const person = pick(everybody)
  if (random() < 0.4) person.look(person.seen + below(order.length - person.seen + 1))
  for (let n = 1 + below(4); n > 0; n--) person.act()
}
for (const person of everybody) person.look(order.length)

const [{ doc, text }] = everybody
const told = text.toString()
for (const person of everybody) {
  if (person.text.toString() !== told) throw new Error('the documents differ')
}

const ends = [] // the author of each code point
for (let item = text._start; item; item = item.right) {
  if (item.deleted || !item.countable) continue
  for (let i = 0; i < item.length; i++) {
    const unit = item.content.str.charCodeAt(i)
    if (unit >= 0xDC00 && unit <= 0xDFFF) continue
    ends.push(authors.get(nameOf(item.id.client, item.id.clock + i)))
  }
}
process.stdout.write(JSON.stringify({
  clients: everybody.map(person => person.doc.clientID), steps: order, text: told, authors: ends
}))
