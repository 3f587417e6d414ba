/** Runs of characters of one author in a part of the text; positions in UTF-16 units. */
import type { Ledger, Mark } from './ledger'
import type { Runs } from './order'

/** A text and what is known of who wrote it. */
export interface Written {
  readonly order: Runs
  readonly ledger: Ledger
}

export interface Span {
  readonly start: number
  readonly length: number
  readonly author: string
}

/** Calls `visit` for each stretch of one act in [from, to), in order; null where the server has not spoken yet. */
export function eachStretch(
  order: Runs,
  ledger: Ledger,
  from: number,
  to: number,
  visit: (start: number, end: number, mark: Mark | null) => void,
): void {
  const stop = Math.min(to, order.length)
  let index = Math.max(0, from)
  for (let run = order.runAt(index); index < stop; run++) {
    const runEnd = Math.min(order.start(run + 1), stop)
    while (index < runEnd) {
      const clock = order.clock(run) + index - order.start(run)
      const known = ledger.written(order.client(run), clock)
      const gap = known === null ? unspoken(ledger, order.client(run), clock, runEnd - index) : known.left
      const end = Math.min(runEnd, index + gap)
      visit(index, end, known?.value ?? null)
      index = end
    }
  }
}

function unspoken(ledger: Ledger, client: number, clock: number, length: number): number {
  return ledger.unwritten({ client, clock, length })[0]?.length ?? length
}

/** The spans in [from, to): stored text only, neighbours of one author joined. */
export function spansIn(order: Runs, ledger: Ledger, from: number, to: number): Span[] {
  const spans: { start: number; length: number; author: string }[] = []
  eachStretch(order, ledger, from, to, (start, end, mark) => {
    const last = spans.at(-1)
    if (mark === null) return
    if (last?.author === mark.author && last.start + last.length === start) last.length = end - last.start
    else spans.push({ start, length: end - start, author: mark.author })
  })
  return spans
}

/** The act that put the character at `index` there; null outside the text or before it is stored. */
export function markAt(order: Runs, ledger: Ledger, index: number): Mark | null {
  if (index < 0 || index >= order.length) return null
  const run = order.runAt(index)
  return ledger.written(order.client(run), order.clock(run) + index - order.start(run))?.value ?? null
}

/** How many UTF-16 units of the text each author wrote, the largest share first. */
export function shares(order: Runs, ledger: Ledger): Map<string, number> {
  const units = new Map<string, number>()
  eachStretch(order, ledger, 0, order.length, (start, end, mark) => {
    if (mark !== null) units.set(mark.author, (units.get(mark.author) ?? 0) + end - start)
  })
  return new Map([...units].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)))
}
