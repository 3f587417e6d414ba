/** Who wrote how much when: characters by author in columns of play time. */
import type { Chronicle } from './chronicle'
import type { Pace } from './pace'
import type { Section } from './steps'

export interface Plot {
  readonly columns: number
  /** Author ids, who wrote most first. */
  readonly authors: readonly string[]
  /** For each author, UTF-16 units written in each column. */
  readonly written: readonly Float64Array[]
  /** The height of each column, from 0 to 1: roots, so that a page of typing is seen beside a chapter that was pasted. */
  readonly heights: Float64Array
}

export function plotOf(chronicle: Chronicle, pace: Pace, head: number, columns: number, section: Section | null): Plot {
  const column = columnsOf(pace, head, columns)
  const rows = chronicle.authors.map(() => new Float64Array(columns))
  for (const number of chronicle.order) {
    if (section !== null && section[number] !== 1) continue
    const writer = chronicle.writer[number] as number
    if (writer !== chronicle.actor[number]) continue // brought back, and not written
    const row = rows[writer] as Float64Array
    const at = column[chronicle.born[number] as number]
    if (at !== undefined) row[at] = (row[at] as number) + 1
  }
  const sums = rows.map((row) => row.reduce((sum, units) => sum + units, 0))
  const ranked = [...sums.keys()].filter((author) => (sums[author] as number) > 0).sort((a, b) => (sums[b] as number) - (sums[a] as number))
  return { columns, authors: ranked.map((author) => chronicle.authors[author] as string), written: ranked.map((author) => rows[author] as Float64Array), heights: heightsOf(rows, columns) }
}

/** The column of each seq. */
function columnsOf(pace: Pace, head: number, columns: number): Int32Array {
  const found = new Int32Array(head + 1)
  const columnAt = (time: number): number => Math.min(columns - 1, Math.floor((time / pace.total) * columns))
  pace.eachLeg(({ after, until }, begin, end) => {
    for (let seq = after + 1; seq <= until; seq++) found[seq] = columnAt(begin + ((end - begin) * (seq - after)) / (until - after))
  })
  return found
}

function heightsOf(rows: readonly Float64Array[], columns: number): Float64Array {
  const roots = Float64Array.from({ length: columns }, (_, at) => Math.sqrt(rows.reduce((sum, row) => sum + (row[at] as number), 0)))
  const highest = Math.max(1, ...roots)
  return roots.map((root) => root / highest)
}
