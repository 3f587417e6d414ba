/** The style sheet of the authors' dyes on this page. */
import { Palette, type Dye } from './palette'

export class Dyebook {
  readonly #palette = new Palette()
  readonly #sheet = new CSSStyleSheet()
  #dyes: ReadonlyMap<string, Dye> = new Map()
  #written = ''

  constructor() {
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, this.#sheet]
  }

  readonly dyes = (): ReadonlyMap<string, Dye> => this.#dyes

  /** Gives everybody a dye; true when any has changed. */
  learn(people: ReadonlyMap<string, { readonly colour: string }>): boolean {
    this.#dyes = this.#palette.dye(people)
    const css = sheetOf([...this.#dyes.values()])
    if (css === this.#written) return false
    this.#written = css
    this.#sheet.replaceSync(css)
    return true
  }

  close(): void {
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((sheet) => sheet !== this.#sheet)
  }
}

function sheetOf(dyes: readonly Dye[]): string {
  const variables = dyes.map(
    ({ slot, light, dark }) =>
      `--tint-${slot}:light-dark(${light.tint},${dark.tint});--strong-${slot}:light-dark(${light.strong},${dark.strong});--on-strong-${slot}:light-dark(${light.onStrong},${dark.onStrong});`,
  )
  return `:root{${variables.join('')}}\n${dyes.map(({ slot }) => `.by-${slot}{--tint:var(--tint-${slot})}`).join('\n')}`
}
