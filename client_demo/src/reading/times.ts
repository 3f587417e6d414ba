/** Times as a person says them, with the exact time on pointing. */
import { ago, exactly } from '../ago'

export function sayTimes(within: ParentNode, now: number): void {
  for (const element of within.querySelectorAll<HTMLTimeElement>('time')) {
    const at = Date.parse(element.dateTime)
    element.title = exactly(at)
    element.textContent = ago(at, now)
  }
}
