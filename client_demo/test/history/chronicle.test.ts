import { expect, test } from 'vitest'
import { Chronicle, never } from '../../src/history/chronicle'
import { Moment } from '../../src/history/moment'
import { spansIn } from '../../src/spans'
import { GeneratedHistory, randomHistory, seeded, told } from './generated'

const nothing = { since: never, stood: false }

const at = (chronicle: Chronicle, seq: number, since = never, stood = false) => new Moment(chronicle, seq, { since, stood })
const spansAt = (chronicle: Chronicle, seq: number) => {
  const moment = new Moment(chronicle, seq, nothing)
  return spansIn(moment, chronicle.ledger, 0, moment.length).map(({ author, start, length }) => [author, moment.text.slice(start, start + length)])
}

test('the text after every seq is what was there then', () => {
  const history = randomHistory(600, 7)
  const { chronicle } = told(history)
  history.texts.forEach((text, seq) => expect(at(chronicle, seq).text).toBe(text))
})

test('a coarse frame shows what was there at its end', () => {
  const history = randomHistory(400, 11)
  const { chronicle } = told(history, 50)
  for (let seq = 0; seq <= 400; seq += 50) expect(at(chronicle, seq).text).toBe(history.texts[seq])
})

test('finer frames say what a coarse one left open, text that came and went in it too', () => {
  const history = randomHistory(400, 13)
  const { chronicle } = told(history, 100)
  for (const frame of history.frames(1, 100, 300)) chronicle.stamp(frame)
  for (let seq = 100; seq <= 300; seq++) expect(at(chronicle, seq).text).toBe(history.texts[seq])
  expect(at(chronicle, 400).text).toBe(history.texts[400])
})

test('later frames leave what is known as it is', () => {
  const history = randomHistory(300, 17)
  const chronicle = new Chronicle()
  for (const frame of history.frames(1, 0, 150)) chronicle.append(frame)
  chronicle.settle()
  for (const frame of history.frames(1, 150)) chronicle.append(frame)
  chronicle.settle()
  history.texts.forEach((text, seq) => expect(at(chronicle, seq).text).toBe(text))
})

test('each character has its author at every moment', () => {
  const history = new GeneratedHistory()
  history.author('ada').edit((text) => text.insert(0, 'hello world'))
  history.author('bruno').edit((text) => text.insert(5, ' dear'))
  history.author('chen').edit((text) => text.delete(0, 6))
  const { chronicle } = told(history)
  expect([0, 1, 2, 3].map((seq) => spansAt(chronicle, seq))).toEqual([
    [],
    [['ada', 'hello world']],
    [['ada', 'hello'], ['bruno', ' dear'], ['ada', ' world']],
    [['bruno', 'dear'], ['ada', ' world']],
  ])
})

test('what was deleted since is told with who wrote and who deleted it', () => {
  const history = new GeneratedHistory()
  history.author('ada').edit((text) => text.insert(0, 'one two three'))
  history.author('bruno').edit((text) => text.insert(7, ' and a half'))
  history.author('chen').edit((text) => text.delete(4, 9))
  const { chronicle } = told(history)
  expect(at(chronicle, 3, 2).struck.map(({ at, text, writer, deleter }) => [at, text, writer, deleter])).toEqual([
    [4, 'two', 'ada', 'chen'],
    [4, ' and a', 'bruno', 'chen'],
  ])
  expect(at(chronicle, 3, 3).struck).toEqual([])
})

test('against an earlier moment only what stood there is struck', () => {
  const history = new GeneratedHistory()
  const ada = history.author('ada')
  ada.edit((text) => text.insert(0, 'stays'))
  ada.edit((text) => text.insert(5, ' typo'))
  ada.edit((text) => text.delete(5, 5))
  ada.edit((text) => text.delete(0, 1))
  const { chronicle } = told(history)
  expect(at(chronicle, 4, 1, true).struck.map(({ text }) => text)).toEqual(['s'])
  expect(at(chronicle, 4, 1, false).struck.map(({ text }) => text)).toEqual(['s', ' typo'])
})

test('what is new since a seq is found in any window of the text', () => {
  const history = new GeneratedHistory()
  const ada = history.author('ada')
  ada.edit((text) => text.insert(0, 'old old'))
  ada.edit((text) => text.insert(3, ' new'))
  const moment = at(told(history).chronicle, 2)
  const fresh = (from: number, to: number): number[][] => {
    const found: number[][] = []
    moment.eachFresh(1, from, to, (start, end) => found.push([start, end]))
    return found
  }
  expect([fresh(0, 11), fresh(0, 5), fresh(5, 6), fresh(8, 11)]).toEqual([[[3, 7]], [[3, 5]], [[5, 6]], []])
})

test('runs name the ID of every character', () => {
  const history = randomHistory(300, 19)
  const { chronicle } = told(history)
  const random = seeded(5)
  for (let round = 0; round < 40; round++) {
    const moment = at(chronicle, random(301))
    if (moment.length === 0) continue
    const index = random(moment.length)
    const run = moment.runAt(index)
    expect({ client: moment.client(run), clock: moment.clock(run) + index - moment.start(run) }).toEqual(chronicle.idOf(moment.numberAt(index)))
  }
})
