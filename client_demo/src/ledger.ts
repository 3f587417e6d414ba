/** Who wrote and who deleted which IDs, as far as the server has said so. */
import { decodeIdMap, type IdRange } from './idmap'
import { RangeMap, type Entry, type Range } from './rangemap'

export interface Person {
  readonly name: string
  readonly colour: string
}

/** One act: whose it is, when (Unix ms), and who brought the text back here. */
export interface Mark {
  readonly author: string
  readonly at: number
  readonly carriedBy: string | null
  /** When it was carried here; null where it was not, or nobody told. */
  readonly carriedAt: number | null
}

/** An attribution message, decoded. */
export interface Attribution {
  readonly seq: number
  readonly inserts: readonly IdRange[]
  readonly deletes: readonly IdRange[]
  readonly people: Readonly<Record<string, Person>>
}

/** What a ledger is kept as between visits. */
export interface KeptLedger {
  readonly people: [string, Person][]
  readonly marks: Mark[]
  readonly inserts: Float64Array
  readonly deletes: Float64Array
}

/** A kept range is client, clock, length and the number of its mark: plain numbers are copied in no time. */
const columns = 4

export function readAttribution(seq: number, inserts: Uint8Array, deletes: Uint8Array, people: string): Attribution {
  return {
    seq,
    inserts: decodeIdMap(inserts),
    deletes: decodeIdMap(deletes),
    people: JSON.parse(people) as Record<string, Person>,
  }
}

export class Ledger {
  readonly people = new Map<string, Person>()
  /** Another number whenever the ledger says more, or something else, of who wrote what. */
  version = 0
  /** Another number whenever somebody's name or colour is new. */
  acquaintances = 0
  #inserts = new RangeMap<Mark>()
  #deletes = new RangeMap<Mark>()
  readonly #marks = new Map<string, Mark>()

  add({ inserts, deletes, people }: Attribution): void {
    this.version++
    for (const [id, person] of Object.entries(people)) this.meet(id, person)
    for (const range of inserts) this.#inserts.set(range, this.#mark(range, 'insert'))
    for (const range of deletes) this.#deletes.set(range, this.#mark(range, 'delete'))
  }

  /** Learns somebody's name and colour. */
  meet(id: string, person: Person): void {
    const known = this.people.get(id)
    if (known?.name === person.name && known.colour === person.colour) return
    this.people.set(id, person)
    this.acquaintances++
  }

  /** Forgets every act; the people stay known by name. */
  forget(): void {
    this.version++
    this.#inserts = new RangeMap()
    this.#deletes = new RangeMap()
  }

  /** Who wrote the character of an ID, and how many clocks from there on are of the same act. */
  written(client: number, clock: number): { value: Mark; left: number } | null {
    return this.#inserts.at(client, clock)
  }

  /** Who deleted the character of an ID; null while it stands. */
  deleted(client: number, clock: number): Mark | null {
    return this.#deletes.at(client, clock)?.value ?? null
  }

  /** The parts of an inserted range that the server has not stored yet. */
  unwritten(range: Range): Range[] {
    return this.#inserts.missing(range)
  }

  /** The parts of a deleted range whose deletion the server has not stored yet. */
  undeleted(range: Range): Range[] {
    return this.#deletes.missing(range)
  }

  nameOf(author: string): string {
    return this.people.get(author)?.name ?? 'Unknown author'
  }

  keep(): KeptLedger {
    const numbers = new Map<Mark, number>()
    const numberOf = (mark: Mark): number => numbers.get(mark) ?? (numbers.set(mark, numbers.size), numbers.size - 1)
    const flat = (entries: Iterable<Entry<Mark>>): Float64Array => {
      const rows: number[] = []
      for (const { client, clock, length, value } of entries) rows.push(client, clock, length, numberOf(value))
      return Float64Array.from(rows)
    }
    const [inserts, deletes] = [flat(this.#inserts.entries()), flat(this.#deletes.entries())]
    return { people: [...this.people], marks: [...numbers.keys()], inserts, deletes }
  }

  restore(kept: KeptLedger): void {
    this.version++
    for (const [id, person] of kept.people) this.meet(id, person)
    const marks = kept.marks.map((mark) => this.#intern({ ...mark, carriedAt: mark.carriedAt ?? null })) // kept by an older page without it
    unflatten(kept.inserts, (range, number) => this.#inserts.set(range, marks[number] as Mark))
    unflatten(kept.deletes, (range, number) => this.#deletes.set(range, marks[number] as Mark))
  }

  #mark({ attributes }: IdRange, verb: 'insert' | 'delete'): Mark {
    const carrier = attributes['carriedBy']
    return this.#intern({
      author: String(attributes[verb] ?? ''),
      at: Number(attributes[`${verb}At`] ?? 0),
      carriedBy: typeof carrier === 'string' ? carrier : null,
      carriedAt: typeof carrier === 'string' ? Number(attributes['carriedAt'] ?? 0) || null : null,
    })
  }

  /** Equal marks are one object, so that ranges which continue each other are joined. */
  #intern(mark: Mark): Mark {
    const key = `${mark.author} ${mark.at} ${mark.carriedBy ?? ''} ${mark.carriedAt ?? ''}`
    const known = this.#marks.get(key)
    if (known === undefined) this.#marks.set(key, mark)
    return known ?? mark
  }
}

function unflatten(rows: Float64Array, visit: (range: Range, mark: number) => void): void {
  for (let row = 0; row < rows.length; row += columns) {
    const [client = 0, clock = 0, length = 0, mark = 0] = rows.subarray(row, row + columns)
    visit({ client, clock, length }, mark)
  }
}
