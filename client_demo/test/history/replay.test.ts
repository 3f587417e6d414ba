import { expect, test } from 'vitest'
import type { Archive } from '../../src/history/archive'
import { Past } from '../../src/history/past'
import { Replay } from '../../src/history/replay'
import { GeneratedHistory, randomHistory } from './generated'

/** A server that tells a history, first in ten frames; answers wait until they are let go. */
class Teller implements Pick<Archive, 'history'> {
  readonly asked: [number, number | null][] = []
  #held: (() => void)[] | null = null

  constructor(readonly story: GeneratedHistory) {}

  readonly history: Archive['history'] = async (after, until, frames, take) => {
    this.asked.push([after, until])
    if (this.#held !== null) await new Promise<void>((resolve) => this.#held?.push(resolve))
    const end = until ?? this.story.rows.length
    const size = until === null ? Math.ceil((end - after) / 10) : Math.ceil((end - after) / frames)
    const header = { head: end, after, until: end, frames: Math.ceil((end - after) / size) }
    if (end > after) await take(this.story.frames(size, after, end), header)
    return header
  }

  hold(): void {
    this.#held = []
  }

  release(): void {
    for (const go of this.#held ?? []) go()
    this.#held = null
  }
}

async function looking(story: GeneratedHistory) {
  const teller = new Teller(story)
  const past = new Past(teller)
  await past.load()
  return { teller, past, replay: new Replay(past), story }
}

test('a moment inside a frame is shown when it is known exactly', async () => {
  const { replay, teller, story } = await looking(randomHistory(300, 31))
  await replay.go(47)
  expect([replay.seq, replay.moment.text]).toEqual([47, story.texts[47]])
  await replay.go(52)
  expect(replay.moment.text).toBe(story.texts[52])
  expect(teller.asked.length).toBe(2)
})

test('while one drags along, what is known is shown and nothing is asked', async () => {
  const { replay, teller } = await looking(randomHistory(300, 31))
  replay.scrub(47)
  expect([replay.seq, teller.asked.length]).toEqual([30, 1])
})

test('the last wish counts, whichever answer is late', async () => {
  const { replay, teller, story } = await looking(randomHistory(300, 31))
  teller.hold()
  const first = replay.go(47)
  teller.release()
  const second = replay.go(120)
  await Promise.all([first, second])
  expect([replay.seq, replay.moment.text]).toEqual([120, story.texts[120]])
})

test('steps go from edit to edit, and stop at the ends', async () => {
  const { replay, story } = await looking(randomHistory(40, 37))
  await replay.go(2)
  for (const by of [-1, -1, -1, 1, 1] as const) await replay.step(by)
  expect([replay.seq, replay.moment.text]).toEqual([2, story.texts[2]])
  await replay.go(1000)
  await replay.step(1)
  expect(replay.seq).toBe(40)
})

test('a step of one author is found inside a frame', async () => {
  const story = new GeneratedHistory()
  const [ada, bruno] = [story.author('ada'), story.author('bruno')]
  for (let row = 1; row <= 100; row++) (row === 57 || row === 93 ? bruno : ada).edit((text) => text.insert(0, 'x'))
  const { replay } = await looking(story)
  replay.look({ author: 'bruno', section: null })
  const stops: number[] = []
  for (const by of [1, 1, 1, -1, -1] as const) {
    await replay.step(by)
    stops.push(replay.seq)
  }
  expect(stops).toEqual([57, 93, 93, 57, 57])
})

test('later rows join what is known', async () => {
  const { replay, past, story } = await looking(randomHistory(50, 41))
  await replay.go(50)
  story.author('ada').edit((text) => text.insert(0, 'later '))
  await past.load()
  replay.keepUp()
  expect([past.head, replay.moment.text]).toEqual([51, story.texts[51]])
  await replay.go(23)
  expect(replay.moment.text).toBe(story.texts[23])
})

test('a server that does not tell more is not asked for ever', async () => {
  const { replay, teller, story } = await looking(randomHistory(300, 31))
  const told: unknown[] = []
  replay.failed.on((error) => told.push(error))
  const coarse: Archive['history'] = async (after, until, _frames, take) => {
    const header = { head: 300, after, until: until ?? 300, frames: 1 }
    await take(story.frames(header.until - after, after, header.until), header)
    return header
  }
  Object.assign(teller, { history: coarse })
  await replay.go(47)
  expect([told.length, replay.seq]).toEqual([1, 30])
})

test('what cannot be learnt is told, and the moment stays as near as it is known', async () => {
  const { replay, teller } = await looking(randomHistory(300, 31))
  const told: unknown[] = []
  replay.failed.on((error) => told.push(error))
  Object.assign(teller, { history: () => Promise.reject(new Error('gone')) })
  await replay.go(47)
  expect([told.length, replay.seq]).toEqual([1, 30])
})
