/** A Y.Text as an editor of plain text shows it: what is no text is one object replacement character, as long as itself. */
import type * as Y from 'yjs'

const stranger = '\ufffc'

interface Step {
  insert?: string | object | Y.AbstractType<unknown>
}

/** The text with a placeholder for each embed, so that positions agree with Y.Text's. */
export function plainText(text: Y.Text): string {
  return (text.toDelta() as Step[]).map(({ insert }) => shown(insert)).join('')
}

/** Has observers that come later see the placeholder where somebody embedded an object. */
export function showStrangers(text: Y.Text): void {
  text.observe((event, { local }) => {
    if (local) return // an edit made here holds text alone, and its delta would cost a walk
    for (const step of event.delta as Step[]) if (step.insert !== undefined) step.insert = shown(step.insert)
  })
}

function shown(insert: Step['insert']): string {
  return typeof insert === 'string' ? insert : stranger
}
