/** Who wrote and who deleted which IDs, as far as the server has said so. */
import { decodeIdMap, type IdRange } from './idmap'
import { RangeMap, type Entry, type Range } from './rangemap'

export interface Person {
  readonly name: string
  readonly colour: string
}

/** One act: whose it is, when (Unix ms), and who carried the text here when that was another. */
export interface Mark {
  readonly author: string
  readonly at: number
  readonly carriedBy: string | null
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
  readonly inserts: Entry<Mark>[]
  readonly deletes: Entry<Mark>[]
}

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
  #inserts = new RangeMap<Mark>()
  #deletes = new RangeMap<Mark>()
  readonly #marks = new Map<string, Mark>()

  add({ inserts, deletes, people }: Attribution): void {
    for (const [id, person] of Object.entries(people)) this.people.set(id, person)
    for (const range of inserts) this.#inserts.set(range, this.#mark(range, 'insert'))
    for (const range of deletes) this.#deletes.set(range, this.#mark(range, 'delete'))
  }

  /** Forgets every act; the people stay known by name. */
  forget(): void {
    this.#inserts = new RangeMap()
    this.#deletes = new RangeMap()
  }

  /** Who wrote the character of an ID, and how many clocks from there on are of the same act. */
  written(client: number, clock: number): { value: Mark; left: number } | null {
    return this.#inserts.at(client, clock)
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
    return { people: [...this.people], inserts: [...this.#inserts.entries()], deletes: [...this.#deletes.entries()] }
  }

  restore(kept: KeptLedger): void {
    for (const [id, person] of kept.people) this.people.set(id, person)
    for (const entry of kept.inserts) this.#inserts.set(entry, this.#intern(entry.value))
    for (const entry of kept.deletes) this.#deletes.set(entry, this.#intern(entry.value))
  }

  #mark({ attributes }: IdRange, verb: 'insert' | 'delete'): Mark {
    const carrier = attributes['carriedBy']
    return this.#intern({
      author: String(attributes[verb] ?? ''),
      at: Number(attributes[`${verb}At`] ?? 0),
      carriedBy: typeof carrier === 'string' ? carrier : null,
    })
  }

  /** Equal marks are one object, so that ranges which continue each other are joined. */
  #intern(mark: Mark): Mark {
    const key = `${mark.author} ${mark.at} ${mark.carriedBy ?? ''}`
    const known = this.#marks.get(key)
    if (known === undefined) this.#marks.set(key, mark)
    return known ?? mark
  }
}
