/** A map from ID ranges to values: sorted ranges for each client, found by halving. */

export interface Range {
  readonly client: number
  readonly clock: number
  readonly length: number
}

export interface Entry<T> extends Range {
  readonly value: T
}

interface Row<T> {
  start: number
  end: number
  value: T
}

export class RangeMap<T> {
  readonly #rows = new Map<number, Row<T>[]>()

  /** The value at an ID and how many clocks from there on share it; null where nothing is known. */
  at(client: number, clock: number): { value: T; left: number } | null {
    const rows = this.#rows.get(client)
    const row = rows?.[lastAtOrBefore(rows, clock)]
    if (row === undefined || clock >= row.end) return null
    return { value: row.value, left: row.end - clock }
  }

  /** Gives a range its value; what was said of the same IDs before is replaced. */
  set({ client, clock, length }: Range, value: T): void {
    if (length <= 0) return
    const rows = this.#rowsOf(client)
    const last = rows.at(-1)
    if (last !== undefined && last.end === clock && last.value === value) last.end = clock + length
    else if (last === undefined || last.end <= clock) rows.push({ start: clock, end: clock + length, value })
    else overwrite(rows, { start: clock, end: clock + length, value })
  }

  /** The parts of a range of which nothing is known, in order. */
  missing({ client, clock, length }: Range): Range[] {
    const rows = this.#rows.get(client) ?? []
    const end = clock + length
    const gaps: Range[] = []
    let from = clock
    for (let i = Math.max(0, lastAtOrBefore(rows, clock)); i < rows.length && from < end; i++) {
      const row = rows[i] as Row<T>
      if (row.end <= from) continue
      if (row.start > from) gaps.push({ client, clock: from, length: Math.min(row.start, end) - from })
      from = Math.max(from, row.end)
    }
    if (from < end) gaps.push({ client, clock: from, length: end - from })
    return gaps
  }

  *entries(): IterableIterator<Entry<T>> {
    for (const [client, rows] of this.#rows) {
      for (const { start, end, value } of rows) yield { client, clock: start, length: end - start, value }
    }
  }

  #rowsOf(client: number): Row<T>[] {
    const rows = this.#rows.get(client)
    if (rows !== undefined) return rows
    const fresh: Row<T>[] = []
    this.#rows.set(client, fresh)
    return fresh
  }
}

/** Index of the last row that starts at or before `clock`, -1 when there is none. */
function lastAtOrBefore<T>(rows: readonly Row<T>[], clock: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((rows[middle] as Row<T>).start <= clock) low = middle + 1
    else high = middle
  }
  return low - 1
}

/** Lays `row` over its neighbours: they keep what it does not cover, equal ones are joined. */
function overwrite<T>(rows: Row<T>[], row: Row<T>): void {
  let first = Math.max(0, lastAtOrBefore(rows, row.start))
  if ((rows[first] as Row<T>).end < row.start) first++
  let after = first
  const kept: Row<T>[] = []
  for (; after < rows.length && (rows[after] as Row<T>).start <= row.end; after++) {
    const old = rows[after] as Row<T>
    if (old.value === row.value) {
      row.start = Math.min(row.start, old.start)
      row.end = Math.max(row.end, old.end)
    } else kept.push(old)
  }
  const before = kept.filter((old) => old.start < row.start).map((old) => ({ ...old, end: Math.min(old.end, row.start) }))
  const behind = kept.filter((old) => old.end > row.end).map((old) => ({ ...old, start: Math.max(old.start, row.end) }))
  rows.splice(first, after - first, ...before, row, ...behind)
}
