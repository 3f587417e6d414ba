/** The headings of an article, to see its sections at a glance. */
import type { Text } from '@codemirror/state'

export interface Heading {
  readonly level: number
  readonly title: string
  /** The title as it is written, with its emphasis. */
  readonly written: string
  /** Position in UTF-16 units of the heading's line. */
  readonly from: number
}

const heading = /^(#{1,6})[ \t]+(\S.*?)[ \t#]*$/

/** The headings in order; what stands in fenced code is none. */
export function outlineOf(doc: Text): Heading[] {
  const headings: Heading[] = []
  let from = 0
  let fenced = false
  for (const line of doc.iterLines()) {
    if (/^ {0,3}(```|~~~)/.test(line)) fenced = !fenced
    const [, marks, title] = (!fenced && heading.exec(line)) || []
    if (marks !== undefined && title !== undefined) headings.push({ level: marks.length, title: plain(title), written: title, from })
    from += line.length + 1
  }
  return headings
}

/** A title without its emphasis marks. */
function plain(title: string): string {
  return title.replace(/(\*\*|__|[*_`~])(.+?)\1/g, '$2').replace(/\[([^\]]+)\]\([^)]*\)/g, '$1')
}
