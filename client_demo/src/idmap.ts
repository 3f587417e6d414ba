/**
 * The wire form of an IdMap: ID ranges (client, clock, length), each with named values.
 *
 *     IdMap     := varUint(#clients) client*
 *     client    := varUint(id, less the id before it) varUint(#ranges) range*
 *     range     := varUint(clock) varUint(length) varUint(#attributes) attribute*
 *     attribute := varUint(number) [when new: varUint(name) [when new: varString(name)] any(value)]
 */
import * as decoding from 'lib0/decoding'

export type Attributes = Readonly<Record<string, unknown>>

export interface IdRange {
  readonly client: number
  readonly clock: number
  readonly length: number
  readonly attributes: Attributes
}

interface Named {
  readonly name: string
  readonly value: unknown
}

/** Reads one IdMap from `bytes`, in wire order. Throws when the bytes end early. */
export function decodeIdMap(bytes: Uint8Array): IdRange[] {
  const decoder = decoding.createDecoder(bytes)
  const readAttribute = attributeReader(decoder)
  const ranges: IdRange[] = []
  let client = 0
  for (let clients = decoding.readVarUint(decoder); clients > 0; clients--) {
    client += decoding.readVarUint(decoder)
    for (let left = decoding.readVarUint(decoder); left > 0; left--) {
      const clock = decoding.readVarUint(decoder)
      const length = decoding.readVarUint(decoder)
      const attributes: Record<string, unknown> = {}
      for (let count = decoding.readVarUint(decoder); count > 0; count--) {
        const { name, value } = readAttribute()
        attributes[name] = value
      }
      ranges.push({ client, clock, length, attributes })
    }
  }
  return ranges
}

/** Names and values are written once and numbered; later uses are the number alone. */
function attributeReader(decoder: decoding.Decoder): () => Named {
  const seen: Named[] = []
  const names: string[] = []
  const readName = (): string => {
    const number = decoding.readVarUint(decoder)
    if (number === names.length) names.push(decoding.readVarString(decoder))
    return known(names, number)
  }
  return () => {
    const number = decoding.readVarUint(decoder)
    if (number === seen.length) seen.push({ name: readName(), value: decoding.readAny(decoder) })
    return known(seen, number)
  }
}

function known<T>(list: readonly T[], number: number): T {
  const item = list[number]
  if (item === undefined) throw new RangeError(`number ${number} was never written`)
  return item
}
