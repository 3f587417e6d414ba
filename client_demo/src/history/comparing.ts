/** A line that offers to show what changed since one last looked, and says with what one compares. */
import { ago, count, exactly } from '../ago'
import { fill, h } from '../dom'
import type { Look } from './lastlook'
import type { Replay } from './replay'

/** So many names are told, then a number. */
const namesTold = 3

export class Comparing {
  readonly element = h('p', { class: 'comparing', hidden: true })

  constructor(
    readonly replay: Replay,
    readonly look: Look | null,
    readonly person: string | null,
  ) {
    replay.changed.on(() => this.draw())
  }

  draw(): void {
    const words = this.#words()
    this.element.hidden = words === null
    if (words !== null) fill(this.element, ...words)
  }

  #words(): (Node | string)[] | null {
    const { replay, look } = this
    const { past, compared } = replay
    if (compared !== null) return ['Compared with ', time(past.course.timeOf(compared)), `, edit ${count(compared)}: what is new is underlined, what is gone is struck. `, this.#button('Stop comparing', null)]
    if (look === null || look.seq >= past.head) return null
    const edits = past.head - look.seq
    return [`Since you last looked, ${ago(look.at, Date.now())}: ${edits === 1 ? '1 edit' : `${count(edits)} edits`}${this.#byWhom(look.seq)}. `, this.#button('Show what changed', look.seq)]
  }

  #button(words: string, since: number | null): HTMLElement {
    const turn = (): void => {
      this.replay.compare(since)
      if (since !== null) void this.replay.go(this.replay.past.head)
    }
    return h('button', { type: 'button', onclick: turn }, words)
  }

  /** Who wrote or deleted something since, others first. */
  #byWhom(since: number): string {
    const { authors, born, died, actor, deleter, order, ledger } = this.replay.past.chronicle
    const head = this.replay.past.head
    const acts = new Uint32Array(authors.length)
    for (const number of order) {
      const [came, went] = [born[number] as number, died[number] as number]
      if (came > since && came <= head) acts[actor[number] as number] = (acts[actor[number] as number] as number) + 1
      if (went > since && went <= head) acts[deleter[number] as number] = (acts[deleter[number] as number] as number) + 1
    }
    const ranked = [...acts.keys()].filter((author) => (acts[author] as number) > 0).sort((a, b) => (acts[b] as number) - (acts[a] as number))
    const names = ranked.map((author) => (authors[author] === this.person ? 'yourself' : ledger.nameOf(authors[author] as string)))
    const told = names.slice(0, namesTold)
    if (names.length > namesTold) told.push(`${names.length - namesTold} more`)
    return told.length === 0 ? '' : ` by ${new Intl.ListFormat('en').format(told)}`
  }
}

function time(at: number): HTMLElement {
  return h('time', { datetime: new Date(at).toISOString() }, exactly(at))
}
