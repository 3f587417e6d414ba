import { describe, expect, test } from 'vitest'
import { contrast, hexOf, hueOf, rgbOf, rgbOfHex } from '../src/oklch'
import { dyeOf, gap, inks, offered, Palette } from '../src/palette'

const hues = Array.from({ length: 72 }, (_, step) => step * 5)
const people = (...colours: string[]) => new Map(colours.map((colour, number) => [`author${String(number).padStart(2, '0')}`, { colour }]))

describe.each([0, 1])('in slot %i', (slot) => {
  test.each(['light', 'dark'] as const)('body text on every %s tint is at AA or better', (scheme) => {
    const worst = Math.min(...hues.map((hue) => contrast(rgbOfHex(inks[scheme]), rgbOfHex(dyeOf(slot, hue)[scheme].tint))))
    expect(worst).toBeGreaterThanOrEqual(7)
  })

  test.each(['light', 'dark'] as const)('initials on every %s disc are at AA or better', (scheme) => {
    const worst = Math.min(...hues.map((hue) => contrast(rgbOfHex(dyeOf(slot, hue)[scheme].onStrong), rgbOfHex(dyeOf(slot, hue)[scheme].strong))))
    expect(worst).toBeGreaterThanOrEqual(4.5)
  })
})

test('an author has the hue of their colour', () => {
  const dyes = new Palette().dye(people('#b4552d'))
  expect(gap(dyes.get('author00')?.hue ?? 0, hueOf('#b4552d') ?? 180)).toBeLessThan(1)
})

test('two authors of one colour are told apart', () => {
  const [one, other] = [...new Palette().dye(people('#b4552d', '#b4552d')).values()]
  expect(gap(one?.hue ?? 0, other?.hue ?? 0)).toBeGreaterThanOrEqual(30)
})

test('twenty authors keep a distance from each other', () => {
  const dyed = [...new Palette().dye(people(...Array.from({ length: 20 }, (_, number) => offered[number % 4] as string))).values()].map(({ hue }) => hue)
  const nearest = Math.min(...dyed.flatMap((one, i) => dyed.slice(i + 1).map((other) => gap(one, other))))
  expect(nearest).toBeGreaterThanOrEqual(6)
})

test('the same people get the same dyes on every page', () => {
  const all = people('#b4552d', '#b4552d', '#2f7fa8')
  const backwards = new Map([...all].reverse())
  expect([...new Palette().dye(all)].sort()).toEqual([...new Palette().dye(backwards)].sort())
})

test('a newcomer changes nobody', () => {
  const palette = new Palette()
  const before = new Map(palette.dye(people('#b4552d', '#2f7fa8')))
  const after = palette.dye(people('#b4552d', '#2f7fa8', '#b4552d'))
  expect([...before].every(([id, dye]) => after.get(id) === dye)).toBe(true)
})

test('who chooses another colour keeps the slot', () => {
  const palette = new Palette()
  palette.dye(people('#b4552d', '#2f7fa8'))
  expect(palette.dye(people('#6f8f2a', '#2f7fa8')).get('author00')?.slot).toBe(0)
})

test('every person has a hue, also one whose colour is grey or none', () => {
  const dyes = new Palette().dye(people('#808080', 'nonsense'))
  expect([...dyes.values()].every(({ hue }) => Number.isFinite(hue))).toBe(true)
})

test('a colour made from a hue has that hue', () => {
  expect(hues.every((hue) => gap(hueOf(hexOf(rgbOf(0.7, 0.09, hue))) ?? 999, hue) < 3)).toBe(true)
})

test('black on white has the greatest contrast', () => {
  expect(contrast([0, 0, 0], [1, 1, 1])).toBeCloseTo(21)
})
