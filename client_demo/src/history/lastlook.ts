/** How far somebody has seen an article: remembered for each person and article in this browser. */

export interface Look {
  readonly seq: number
  /** Unix ms. */
  readonly at: number
}

export class LastLook {
  readonly #key: string

  constructor(person: string | null, slug: string) {
    this.#key = `palimpsest:looked:${person ?? ''}:${slug}`
  }

  get(): Look | null {
    try {
      const kept = JSON.parse(localStorage.getItem(this.#key) ?? 'null') as Look | null
      return typeof kept?.seq === 'number' && typeof kept.at === 'number' ? kept : null
    } catch {
      return null
    }
  }

  keep(look: Look): void {
    if (look.seq > 0) localStorage.setItem(this.#key, JSON.stringify(look))
  }
}
