/** What a viewer chose and finds again: colours on or off. */

const key = 'palimpsest:colours'

/** Readers begin without colours, writers with. */
export function coloursWanted(writing: boolean): boolean {
  return (localStorage.getItem(key) ?? (writing ? 'on' : 'off')) === 'on'
}

export function keepColours(on: boolean): void {
  localStorage.setItem(key, on ? 'on' : 'off')
}
