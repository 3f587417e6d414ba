/** A colour for every author on the page: one hue each, kept apart from the others, in light and dark. */
import { hexOf, hueOf, rgbOf } from './oklch'

/** What a hue looks like on paper: behind text, and as a bar, caret or initial. */
export interface Shade {
  readonly tint: string
  readonly strong: string
  readonly onStrong: string
}

export interface Dye {
  readonly slot: number
  readonly hue: number
  readonly light: Shade
  readonly dark: Shade
}

export const inks = { light: '#1f1c18', dark: '#ece7de' } as const

/** The twelve colours offered to a person, even in lightness. */
export const offered: readonly string[] = Array.from({ length: 12 }, (_, step) => hexOf(rgbOf(0.66, 0.12, 15 + step * 30)))

/** Hues closer than this look like one; with many people on a page it must be less. */
const clearlyApart = 32
/** How much of an even division of the circle newcomers may claim; at 1 there would be one solution only. */
const claim = 0.8

export class Palette {
  readonly #dyes = new Map<string, Dye>()

  /** The dyes of these authors. Who has one keeps it, unless they chose another colour; newcomers keep clear of the others. */
  dye(people: ReadonlyMap<string, { readonly colour: string }>): ReadonlyMap<string, Dye> {
    for (const id of [...people.keys()].sort()) {
      const wished = hueOf(people.get(id)?.colour ?? '') ?? hueOfName(id)
      if (this.#wishes.get(id) === wished) continue
      this.#wishes.set(id, wished)
      const slot = this.#dyes.get(id)?.slot ?? this.#dyes.size
      this.#dyes.delete(id)
      this.#dyes.set(id, dyeOf(slot, this.#freeHue(wished, people.size)))
    }
    return this.#dyes
  }

  readonly #wishes = new Map<string, number>()

  /** The hue nearest to the wished one that keeps its distance from every other; in a crowd, the one with most room. */
  #freeHue(wished: number, crowd: number): number {
    const taken = [...this.#dyes.values()].map(({ hue }) => hue)
    const distance = Math.min(clearlyApart, (360 / Math.max(crowd, taken.length + 1)) * claim)
    const room = (hue: number): number => Math.min(360, ...taken.map((other) => gap(hue, other)))
    let best = wished
    for (let step = 0; step <= 180; step += 2) {
      for (const hue of [wished + step, wished - step]) {
        if (room(hue) >= distance) return (hue + 360) % 360
        if (room(hue) > room(best)) best = hue
      }
    }
    return (best + 360) % 360
  }
}

/** Every second slot is a little deeper, so that near hues differ in lightness too. */
export function dyeOf(slot: number, hue: number): Dye {
  const deep = slot % 2
  const shade = (tint: readonly [number, number], strong: readonly [number, number], onStrong: string): Shade => ({
    tint: hexOf(rgbOf(...tint, hue)),
    strong: hexOf(rgbOf(...strong, hue)),
    onStrong,
  })
  return {
    slot,
    hue,
    light: shade(deep ? [0.9, 0.058] : [0.93, 0.05], deep ? [0.5, 0.12] : [0.54, 0.12], '#ffffff'),
    dark: shade(deep ? [0.37, 0.072] : [0.31, 0.062], deep ? [0.76, 0.11] : [0.8, 0.11], '#171513'),
  }
}

/** Degrees between two hues, the short way round. */
export function gap(one: number, other: number): number {
  const turn = Math.abs(one - other) % 360
  return Math.min(turn, 360 - turn)
}

/** A colourless author still has a hue, the same on every visit. */
function hueOfName(id: string): number {
  let sum = 7
  for (const letter of id) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 3600
  return sum / 10
}
