/** Walking through the text by keyboard: the arrows go from run to run, Escape leaves. */
import type { Card } from './card'
import { allRuns } from './runs'

export function watchWalks(prose: HTMLElement, card: Card, nobody: () => void): void {
  prose.tabIndex = 0
  prose.setAttribute('aria-description', 'Left and right arrow go through the text and tell who wrote it')
  prose.addEventListener('keydown', (event) => {
    if (event.target !== prose || event.altKey || event.ctrlKey || event.metaKey) return
    if (event.key !== 'ArrowRight' && event.key !== 'ArrowLeft') return
    event.preventDefault()
    step(prose, card, event.key === 'ArrowRight' ? 1 : -1)
  })
  document.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape') return
    if (card.picked === null) nobody()
    card.hide()
  })
}

/** To the next run; at first to the first one that can be seen. */
function step(prose: HTMLElement, card: Card, by: 1 | -1): void {
  const runs = allRuns(prose)
  const at = card.picked === null ? runs.findIndex((run) => run.getBoundingClientRect().bottom > 80) - (by === 1 ? 1 : 0) : runs.indexOf(card.picked)
  const next = runs[Math.max(0, Math.min(runs.length - 1, at + by))]
  if (next === undefined) return
  next.scrollIntoView({ block: 'nearest' })
  card.pick(next)
}
