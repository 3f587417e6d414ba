/**
 * The history stream, read while it arrives.
 *
 *     history := varBytes(header) varBytes(frame)*
 *     header  := varUint(head) varUint(after) varUint(until) varUint(#frames)
 *     frame   := varUint(after) varUint(until) varUint(since) varUint(at)
 *                varUint(#authors) { varString(author id) }* varUint(#messages) varBytes(message)*
 */
import * as decoding from 'lib0/decoding'
import { readAttribution, type Attribution } from '../ledger'

export interface Header {
  readonly head: number
  readonly after: number
  readonly until: number
  readonly frames: number
}

/** What happened in the rows after < seq <= until; `since` and `at` (Unix ms) are the times of the first and the last. */
export interface Frame {
  readonly after: number
  readonly until: number
  readonly since: number
  readonly at: number
  readonly authors: readonly string[]
  readonly attributions: readonly Attribution[]
  readonly updates: readonly Uint8Array[]
}

const attributionType = 80

export class StreamReader {
  header: Header | null = null
  #bytes = new Uint8Array(1 << 16)
  #from = 0
  #to = 0

  /** Takes the next bytes and gives the frames that are whole now. Throws on what is no history. */
  push(chunk: Uint8Array): Frame[] {
    this.#append(chunk)
    const frames: Frame[] = []
    for (let part = this.#next(); part !== null; part = this.#next()) {
      if (this.header === null) this.header = readHeader(part)
      else frames.push(readFrame(part))
    }
    return frames
  }

  #append(chunk: Uint8Array): void {
    if (this.#to + chunk.length > this.#bytes.length) {
      const rest = this.#bytes.subarray(this.#from, this.#to)
      const larger = new Uint8Array(Math.max(this.#bytes.length, 2 * (rest.length + chunk.length)))
      larger.set(rest)
      ;[this.#bytes, this.#from, this.#to] = [larger, 0, rest.length]
    }
    this.#bytes.set(chunk, this.#to)
    this.#to += chunk.length
  }

  /** The next length-prefixed part, null before it is whole. Frames keep their bytes: they are copied. */
  #next(): Uint8Array | null {
    const decoder = decoding.createDecoder(this.#bytes.subarray(this.#from, this.#to))
    if (!startsWhole(decoder.arr)) return null
    const length = decoding.readVarUint(decoder)
    if (decoder.pos + length > decoder.arr.length) return null
    this.#from += decoder.pos + length
    return decoder.arr.slice(decoder.pos, decoder.pos + length)
  }
}

/** Whether the number that bytes begin with has ended. */
function startsWhole(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 8).some((byte) => byte < 0x80)
}

function readHeader(bytes: Uint8Array): Header {
  const decoder = decoding.createDecoder(bytes)
  const [head, after, until, frames] = numbers(decoder, 4)
  return { head, after, until, frames } as Header
}

function readFrame(bytes: Uint8Array): Frame {
  const decoder = decoding.createDecoder(bytes)
  const [after, until, since, at] = numbers(decoder, 4) as [number, number, number, number]
  const authors = Array.from({ length: decoding.readVarUint(decoder) }, () => decoding.readVarString(decoder))
  const frame = { after, until, since, at, authors, attributions: [] as Attribution[], updates: [] as Uint8Array[] }
  for (let left = decoding.readVarUint(decoder); left > 0; left--) readMessage(decoding.readVarUint8Array(decoder), frame)
  return frame
}

function readMessage(bytes: Uint8Array, { attributions, updates }: { attributions: Attribution[]; updates: Uint8Array[] }): void {
  const decoder = decoding.createDecoder(bytes)
  if (decoding.readVarUint(decoder) !== attributionType) {
    decoding.readVarUint(decoder)
    updates.push(decoding.readVarUint8Array(decoder))
    return
  }
  const [seq] = numbers(decoder, 1) as [number]
  const inserts = decoding.readVarUint8Array(decoder)
  const deletes = decoding.readVarUint8Array(decoder)
  attributions.push(readAttribution(seq, inserts, deletes, decoding.readVarString(decoder)))
}

function numbers(decoder: decoding.Decoder, count: number): number[] {
  return Array.from({ length: count }, () => decoding.readVarUint(decoder))
}
