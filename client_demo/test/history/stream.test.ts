import * as encoding from 'lib0/encoding'
import { expect, test } from 'vitest'
import { StreamReader } from '../../src/history/stream'

function bytes(write: (encoder: encoding.Encoder) => void): Uint8Array {
  const encoder = encoding.createEncoder()
  write(encoder)
  return encoding.toUint8Array(encoder)
}

const numbers = (...all: number[]) => bytes((to) => all.forEach((number) => encoding.writeVarUint(to, number)))

/** One insertion by q: client 5, clock 3, one unit. */
const inserts = bytes((to) => {
  for (const number of [1, 5, 1, 3, 1, 1, 0, 0]) encoding.writeVarUint(to, number)
  encoding.writeVarString(to, 'insert')
  encoding.writeAny(to, 'q')
})

const attribution = bytes((to) => {
  for (const number of [80, 2]) encoding.writeVarUint(to, number)
  encoding.writeVarUint8Array(to, inserts)
  encoding.writeVarUint8Array(to, numbers(0))
  encoding.writeVarString(to, '{"q": {"name": "Ada", "colour": "#b3261e"}}')
})

const update = new Uint8Array([1, 1, 5, 3, 132, 5, 2, 1, 101, 0])

const frame = bytes((to) => {
  for (const number of [1, 2, 1767225634567, 1767225634567, 1]) encoding.writeVarUint(to, number)
  encoding.writeVarString(to, 'q')
  encoding.writeVarUint(to, 2)
  encoding.writeVarUint8Array(to, attribution)
  encoding.writeVarUint8Array(to, bytes((message) => (encoding.writeVarUint(message, 0), encoding.writeVarUint(message, 2), encoding.writeVarUint8Array(message, update))))
})

const history = bytes((to) => [numbers(9, 1, 2, 2), frame, frame].forEach((part) => encoding.writeVarUint8Array(to, part)))

test('a history is its header and its frames', () => {
  const reader = new StreamReader()
  const [first] = reader.push(history)
  expect(reader.header).toEqual({ head: 9, after: 1, until: 2, frames: 2 })
  expect(first).toMatchObject({ after: 1, until: 2, since: 1767225634567, at: 1767225634567, authors: ['q'], updates: [update] })
  expect(first?.attributions[0]).toMatchObject({ seq: 2, people: { q: { name: 'Ada' } }, deletes: [] })
  expect(first?.attributions[0]?.inserts).toEqual([{ client: 5, clock: 3, length: 1, attributes: { insert: 'q' } }])
})

test('wherever the bytes are cut, the frames are the same', () => {
  const whole = new StreamReader().push(history)
  for (const size of [1, 2, 3, 7, 50]) {
    const reader = new StreamReader()
    const frames = Array.from({ length: Math.ceil(history.length / size) }, (_, part) => reader.push(history.slice(part * size, (part + 1) * size))).flat()
    expect(frames).toEqual(whole)
  }
})

test('a frame is given when its last byte is here', () => {
  const reader = new StreamReader()
  expect(reader.push(history.slice(0, history.length - 1)).length).toBe(1)
  expect(reader.push(history.slice(history.length - 1)).length).toBe(1)
})

test('a frame that is larger than what was set aside is read', () => {
  const large = bytes((to) => {
    for (const number of [0, 1, 0, 0, 0, 1]) encoding.writeVarUint(to, number)
    encoding.writeVarUint8Array(to, bytes((message) => (encoding.writeVarUint(message, 0), encoding.writeVarUint(message, 2), encoding.writeVarUint8Array(message, new Uint8Array(200_000).fill(7)))))
  })
  const reader = new StreamReader()
  reader.push(bytes((to) => encoding.writeVarUint8Array(to, numbers(1, 0, 1, 1))))
  const frames = reader.push(bytes((to) => encoding.writeVarUint8Array(to, large)))
  expect(frames[0]?.updates[0]?.length).toBe(200_000)
})
