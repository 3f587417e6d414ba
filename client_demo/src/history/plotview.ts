/** The plot as a picture: one band for each author, stacked, over play time. */
import type { Dyes } from '../colours'
import type { Plot } from './plot'

const svg = 'http://www.w3.org/2000/svg'
/** The picture's own height; it is stretched to its place. */
const height = 100

/** Draws the bands; those that are not `chosen` fade. */
export function drawPlot(into: SVGElement, plot: Plot, dyes: Dyes, chosen: string | null): void {
  into.setAttribute('viewBox', `0 0 ${plot.columns} ${height}`)
  into.setAttribute('preserveAspectRatio', 'none')
  const floors = new Float64Array(plot.columns)
  const sums = Float64Array.from({ length: plot.columns }, (_, at) => plot.written.reduce((sum, row) => sum + (row[at] as number), 0))
  into.replaceChildren(
    ...plot.authors.map((author, number) => {
      const band = document.createElementNS(svg, 'path')
      const tops = floors.map((floor, at) => floor + share((plot.written[number] as Float64Array)[at] as number, sums[at] as number) * (plot.heights[at] as number))
      band.setAttribute('d', bandOf(floors, tops))
      band.setAttribute('class', chosen === null || chosen === author ? 'band' : 'band faint')
      const slot = dyes().get(author)?.slot
      band.setAttribute('style', slot === undefined ? '' : `--strong:var(--strong-${slot})`)
      floors.set(tops)
      return band
    }),
  )
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}

/** A rectangle for each column that has something; there is a little room between columns. */
function bandOf(floors: Float64Array, tops: Float64Array): string {
  let path = ''
  tops.forEach((top, column) => {
    const floor = floors[column] as number
    if (top > floor) path += `M${column + 0.06} ${high(floor)}V${high(top)}h0.88V${high(floor)}Z`
  })
  return path
}

/** What is there at all is one step high. */
function high(value: number): string {
  return (height * (1 - value)).toFixed(2)
}
