/** Citations such as [3] or [2, 5–7], and the references that they point at. */
import type { Text } from '@codemirror/state'

const citation = /^\[(\d{1,3}(?:\s?[,–-]\s?\d{1,3})*)\]$/
const heading = /^#{1,6}\s+(?:references|literature|bibliography)\b/i
const reference = /^\s*(?:(\d{1,3})[.)]|\[(\d{1,3})\]:?)\s+(\S.*)$/

/** The numbers of a citation as written, null when the text is none. */
export function citedIn(text: string): string | null {
  return citation.exec(text)?.[1] ?? null
}

/** Every number that a citation names: "2, 5–7" names 2, 5, 6 and 7. */
export function numbersIn(cited: string): number[] {
  return cited.split(',').flatMap((part) => {
    const [first = 0, last = first] = part.split(/[–-]/).map(Number)
    return last >= first && last - first < 100 ? Array.from({ length: last - first + 1 }, (_, step) => first + step) : [first]
  })
}

/** The numbered lines below a heading named References, Literature or Bibliography. */
export function referencesOf(doc: Text): Map<number, string> {
  const found = new Map<number, string>()
  let inside = false
  for (const line of doc.iterLines()) {
    if (line.startsWith('#')) inside = heading.test(line)
    else if (inside) {
      const [, plain, bracketed, text] = reference.exec(line) ?? []
      if (text !== undefined) found.set(Number(plain ?? bracketed), text.trim())
    }
  }
  return found
}
