/** Runs: the text of the page, each with the number of the note that tells who wrote it. */

/** Links to notes are for browsers without this program; here they would be a thousand stops for the Tab key. */
export function unlinkRuns(prose: Element): void {
  for (const run of prose.querySelectorAll<HTMLAnchorElement>('a.r[href]')) {
    run.dataset['m'] = run.hash.slice(2)
    run.removeAttribute('href')
  }
  for (const run of prose.querySelectorAll<HTMLElement>('span.r')) {
    run.dataset['m'] = /(?:^| )m(\d+)/.exec(run.className)?.[1] ?? ''
    run.removeAttribute('title')
  }
}

export function runAt(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>('.prose .r') : null
}

/** The note of a run, as it stands at the end of the page. */
export function noteOf(run: HTMLElement): HTMLElement | null {
  return document.getElementById(`m${run.dataset['m']}`)
}

/** All runs that can be gone to, in order. */
export function allRuns(prose: Element): HTMLElement[] {
  return [...prose.querySelectorAll<HTMLElement>('.r')].filter((run) => run.textContent.trim() !== '')
}
