import { expect, test } from 'vitest'
import { decodeIdMap } from '../src/idmap'

const bytes = (hex: string): Uint8Array => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16))

/** What pycrdt 0.14.13 writes for two neighbouring ranges of one client and one of the largest client id. */
const written = bytes(
  '020502000a02000006696e736572747703616461010108696e7365727441747b4278bcfe604400000a030202007703626f6201' +
    'faffffffffffff0f010403020203017b4278bcfe6eea0000',
)

test('a map as pycrdt writes it is read range by range', () => {
  expect(decodeIdMap(written)).toEqual([
    { client: 5, clock: 0, length: 10, attributes: { insert: 'ada', insertAt: 1700000040000 } },
    { client: 5, clock: 10, length: 3, attributes: { insert: 'bob', insertAt: 1700000040000 } },
    { client: Number.MAX_SAFE_INTEGER, clock: 4, length: 3, attributes: { insert: 'bob', insertAt: 1700000100000 } },
  ])
})

test('an empty map has no ranges', () => {
  expect(decodeIdMap(bytes('00'))).toEqual([])
})

test('a whole number may be written as an integer', () => {
  const [range] = decodeIdMap(bytes('0101010001010000' + '0161' + '7d05'))
  expect(range?.attributes).toEqual({ a: 5 })
})

test('bytes that end early are no map', () => {
  expect(() => decodeIdMap(written.slice(0, 20))).toThrow()
})

test('a number that was never written is no attribute', () => {
  expect(() => decodeIdMap(bytes('01010100010107'))).toThrow('never written')
})
