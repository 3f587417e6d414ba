/** Times and numbers as a person says them. */

const steps: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_557_600_000],
  ['month', 2_629_800_000],
  ['week', 604_800_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const absolute = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeStyle: 'short' })
const separated = new Intl.NumberFormat('en')

/** "3 minutes ago"; times are Unix ms. */
export function ago(at: number, now: number): string {
  const passed = Math.max(0, now - at)
  for (const [unit, ms] of steps) {
    if (passed >= ms) return relative.format(-Math.floor(passed / ms), unit)
  }
  return 'just now'
}

export function exactly(at: number): string {
  return absolute.format(at)
}

export function count(number: number): string {
  return separated.format(number)
}

/** A share of a whole as whole percents; what is there but small is "<1". */
export function percent(part: number, whole: number): string {
  const share = whole === 0 ? 0 : (part / whole) * 100
  return share > 0 && share < 0.5 ? '<1 %' : `${Math.round(share)} %`
}
