// Writes random documents with stock Yjs and prints every kind of update that comes of it, one a
// line: {"update": base64, "structs": [...], "deletions": [...]} as Y.decodeUpdate reads it.
// node updates.mjs SEED DOCUMENTS
import * as Y from 'yjs'
import { mulberry32, pick } from './random.mjs'

const [seed, documents] = process.argv.slice(2).map(Number)
const random = mulberry32(seed)
const below = n => Math.floor(random() * n)
const one = list => pick(random, list)

const WORDS = ['a', 'gene', ' ', '\n', 'ß', 'Ωmega', '漢字', '😀', 'x😀y', '\u0000', 'e\u0301', '’', 'longer '.repeat(30)]
const VALUES = [
  null, undefined, true, false, 0, -0, 1, -1, 63, 64, -64, 2 ** 31 - 1, -(2 ** 31), 2 ** 31, 2 ** 53 - 1, 0.5, 1e300, NaN, -Infinity, 10n, -(2n ** 63n),
  '', 'text', 'ß😀', [], [1, [2, ['deep']]], {}, { key: 'value', 'ключ': [null, { a: 1 }] }, new Uint8Array([1, 2, 255])
]
const MARKS = [{ bold: true }, { bold: null }, { italic: {} }, { link: { href: 'https://example.org/?a=[]' } }, { colour: '#ff8800' }, { size: 1.5 }, { 'ключ😀': 'ß' }]
const EMBEDS = [{ image: 'x.png' }, { a: [1, { b: null }] }, 'text', 5, [], { '😀': '\u0001😀' }]

const makers = [
  () => new Y.Array(), () => new Y.Map(), () => new Y.Text('inner'), () => new Y.XmlElement(one(['p', 'ß'])), () => new Y.XmlFragment(),
  () => new Y.XmlHook('hook'), () => new Y.XmlText('xml')
]
const made = []
const shared = () => {
  const type = one(makers)()
  made.push(type)
  return type
}
const value = () => {
  const dice = random()
  if (dice < 0.15) return shared()
  if (dice < 0.2) return new Y.Doc({ guid: 'sub-' + below(1e6), autoLoad: random() < 0.5, gc: random() < 0.5, meta: one([null, { title: 'ß' }]) })
  return one(VALUES)
}
const inArray = () => { const v = value(); return v === undefined || typeof v === 'bigint' ? [v] : v }

const write = {
  text (text) {
    const length = text.length
    switch (below(7)) {
      case 0: if (length) text.delete(below(length), 1); break
      case 1: if (length) { const start = below(length); text.delete(start, 1 + below(Math.min(8, length - start))) } break
      case 2: if (length) { const start = below(length); text.format(start, 1 + below(length - start), one(MARKS)) } break
      case 3: text.insertEmbed(below(length + 1), random() < 0.8 ? one(EMBEDS) : shared(), one([undefined, ...MARKS])); break
      default: text.insert(below(length + 1), one(WORDS), one([undefined, undefined, ...MARKS]))
    }
  },
  map (map) {
    const key = one(['a', 'b', 'ключ', ''])
    if (random() < 0.2) map.delete(key)
    else map.set(key, value())
  },
  array (array) {
    const length = array.length
    if (length && random() < 0.25) { const start = below(length); array.delete(start, 1 + below(length - start)) } else array.insert(below(length + 1), Array.from({ length: 1 + below(3) }, inArray))
  },
  xml (xml) {
    const length = xml.length
    if (length && random() < 0.25) xml.delete(below(length), 1)
    else xml.insert(below(length + 1), [one([() => new Y.XmlElement('div'), () => new Y.XmlText('t'), () => new Y.XmlHook('hook')])()])
    if (xml instanceof Y.XmlElement) xml.setAttribute(one(['class', 'id']), one(WORDS))
  }
}
// What versions before 13.5 wrote for plain values: content of kind JSON.
const writeOldJson = (array) => array.doc.transact(transaction => {
  const right = array._start
  const id = Y.createID(array.doc.clientID, Y.getState(array.doc.store, array.doc.clientID))
  const content = new Y.ContentJSON(Array.from({ length: 1 + below(3) }, () => one([1, 'text', null, undefined, { a: ['ß'] }])))
  new Y.Item(id, null, null, right, right && right.id, array, null, content).integrate(transaction, 0)
})

const edit = (doc) => {
  const roots = [
    () => write.text(doc.getText('content')), () => write.text(doc.getText('content')), () => write.map(doc.getMap('map')),
    () => write.array(doc.getArray('array')), () => write.xml(doc.getXmlFragment('xml')), () => writeOldJson(doc.getArray('old')),
    () => {
      const type = made.length && one(made)
      if (!type || type.doc !== doc || type._item.deleted || type instanceof Y.XmlHook) return
      if (type instanceof Y.Text) write.text(type)
      else if (type instanceof Y.Map) write.map(type)
      else if (type instanceof Y.Array) write.array(type)
      else write.xml(type)
    }
  ]
  doc.transact(() => { for (let i = 1 + below(random() < 0.2 ? 6 : 1); i; i--) one(roots)() }, 'person')
}

const base64 = bytes => Buffer.from(bytes).toString('base64')
const id = (i) => i && [i.client, i.clock]
const content = (struct) => {
  if (struct instanceof Y.GC || struct instanceof Y.Skip || struct.content instanceof Y.ContentDeleted) return ''
  if (struct.content instanceof Y.ContentString) return struct.content.str
  const encoder = new Y.UpdateEncoderV1()
  struct.content.write(encoder, 0)
  return base64(encoder.toUint8Array())
}
const plain = (struct) => {
  const place = { client: struct.id.client, clock: struct.id.clock, length: struct.length }
  if (!(struct instanceof Y.Item)) return { ...place, kind: struct instanceof Y.GC ? 0 : 10, content: '' }
  const parent = typeof struct.parent === 'string' ? struct.parent : id(struct.parent)
  return { ...place, kind: struct.content.getRef(), origin: id(struct.origin), right_origin: id(struct.rightOrigin), parent, parent_sub: struct.parentSub, content: content(struct) }
}
const print = (update) => {
  const { structs, ds } = Y.decodeUpdate(update)
  const deletions = [...ds.clients].flatMap(([client, ranges]) => ranges.map(({ clock, len }) => [client, clock, len]))
  process.stdout.write(JSON.stringify({ update: base64(update), structs: structs.map(plain), deletions }) + '\n')
}

for (let d = 0; d < documents; d++) {
  const docs = Array.from({ length: 1 + below(3) }, () => new Y.Doc({ gc: random() < 0.7 }))
  docs.forEach(doc => { doc.clientID = one([below(100), below(2 ** 32), below(2 ** 53)]) })
  const undo = new Y.UndoManager(docs[0].getText('content'), { trackedOrigins: new Set(['person']), captureTimeout: 0 })
  const log = []
  docs.forEach(doc => doc.on('update', (update, origin) => { if (origin !== 'sync') log.push(update) }))
  for (let i = 10 + below(30); i; i--) {
    const doc = one(docs)
    edit(doc)
    if (random() < 0.15) one([() => undo.undo(), () => undo.redo()])()
    if (random() < 0.2) Y.applyUpdate(doc, Y.encodeStateAsUpdate(one(docs), Y.encodeStateVector(doc)), 'sync')
  }
  log.forEach(print)
  docs.forEach(doc => print(Y.encodeStateAsUpdate(doc)))
  const merged = Y.mergeUpdates(log.filter(() => random() < 0.7).concat(log.slice(0, 1)))
  print(merged)
  print(Y.diffUpdate(merged, Y.encodeStateVector(one(docs))))
  print(Y.diffUpdate(Y.mergeUpdates(log), Y.encodeStateVectorFromUpdate(one(log))))
  print(Y.mergeUpdates([merged, one(log), Y.encodeStateAsUpdate(one(docs))]))
}
