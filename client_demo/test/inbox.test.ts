import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Inbox } from '../src/inbox'

const page = new EventTarget()

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('window', page)
  vi.stubGlobal('requestAnimationFrame', (draw: () => void) => setTimeout(draw, 16))
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** An inbox whose messages are numbers, and the batches in which they were read. */
function desk(cost = 0) {
  const batches: number[][] = []
  const inbox = new Inbox((messages, enough) => {
    batches.push([])
    do messages.shift()?.()
    while (messages.length > 0 && !enough())
  })
  const put = (number: number): void =>
    inbox.put(() => {
      elapse(cost)
      batches.at(-1)?.push(number)
    })
  return { inbox, batches, put }
}

/** Work takes time, too, though no timer runs meanwhile. */
let worked = 0
const elapse = (ms: number): void => void (worked += ms)
const press = (): void => void page.dispatchEvent(new Event('keydown'))

beforeEach(() => {
  worked = 0
  const clock = performance.now.bind(performance)
  vi.spyOn(performance, 'now').mockImplementation(() => clock() + worked)
})

test('what arrives together is read together, in its order', () => {
  const { batches, put } = desk()
  for (const number of [1, 2, 3]) put(number)
  vi.advanceTimersByTime(1)
  expect(batches).toEqual([[1, 2, 3]])
})

test('nothing is read between a key and the frame with its letter', () => {
  const { batches, put } = desk()
  press()
  put(1)
  vi.advanceTimersByTime(15)
  expect(batches).toEqual([])
  vi.advanceTimersByTime(10)
  expect(batches).toEqual([[1]])
})

test('somebody who types without end still hears of the others', () => {
  const { batches, put } = desk()
  put(1)
  for (let key = 0; key < 100; key++) {
    press()
    vi.advanceTimersByTime(8)
  }
  expect(batches).toEqual([[1]])
})

test('a batch that takes long is cut, and a rest follows it', () => {
  const { batches, put } = desk(5)
  for (const number of [1, 2, 3]) put(number)
  vi.advanceTimersByTime(1)
  expect(batches).toEqual([[1, 2]])
  vi.advanceTimersByTime(20)
  expect(batches).toEqual([[1, 2]])
  vi.advanceTimersByTime(50)
  expect(batches).toEqual([[1, 2], [3]])
})

test('while somebody types, the rest is longer', () => {
  const { batches, put } = desk(9)
  press()
  vi.advanceTimersByTime(20)
  put(1)
  vi.advanceTimersByTime(1)
  put(2)
  vi.advanceTimersByTime(60)
  expect(batches).toEqual([[1]])
  vi.advanceTimersByTime(40)
  expect(batches).toEqual([[1], [2]])
})

test('what is there can be read at once', () => {
  const { inbox, batches, put } = desk(50)
  for (const number of [1, 2, 3]) put(number)
  inbox.flush()
  expect(batches).toEqual([[1, 2, 3]])
})

test('a message that cannot be read does not end the reading', () => {
  let read = 0
  const inbox = new Inbox((messages) => {
    messages.shift()?.()
    read++
  })
  inbox.put(() => {
    throw new RangeError('not readable')
  })
  inbox.put(() => undefined)
  expect(() => vi.advanceTimersByTime(1)).toThrow('not readable')
  vi.advanceTimersByTime(100)
  expect(read).toBe(1)
})

test('a closed inbox reads nothing', () => {
  const { inbox, batches, put } = desk()
  put(1)
  inbox.close()
  vi.advanceTimersByTime(1000)
  expect(batches).toEqual([])
})
