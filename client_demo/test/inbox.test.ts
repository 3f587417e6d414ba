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

test('nothing is read between a key and the frame behind the one with its letter', () => {
  const { batches, put } = desk()
  press()
  put(1)
  vi.advanceTimersByTime(31)
  expect(batches).toEqual([])
  vi.advanceTimersByTime(4)
  expect(batches).toEqual([[1]])
})

/** An inbox that has just read a batch which took longer than a slice, and has something more. */
function busy() {
  const it = desk(9)
  it.put(1)
  vi.advanceTimersByTime(1)
  it.put(2)
  return it
}

test('after a batch that took long the next begins behind a letter', () => {
  const { batches } = busy()
  vi.advanceTimersByTime(20)
  press()
  vi.advanceTimersByTime(35)
  expect(batches).toEqual([[1], [2]])
})

test('before the next key there is no time for a batch that may take long', () => {
  const { batches, put } = busy()
  vi.advanceTimersByTime(10)
  press()
  vi.advanceTimersByTime(40)
  put(3)
  vi.advanceTimersByTime(150) // the rest has been over for long
  expect(batches).toEqual([[1], [2]])
  press()
  vi.advanceTimersByTime(35)
  expect(batches).toEqual([[1], [2], [3]])
})

test('who pauses reads on, also when it takes long', () => {
  const { batches, put } = busy()
  press()
  vi.advanceTimersByTime(40)
  put(3)
  vi.advanceTimersByTime(200)
  expect(batches).toEqual([[1], [2]])
  vi.advanceTimersByTime(20)
  expect(batches).toEqual([[1], [2], [3]])
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
  vi.advanceTimersByTime(40)
  put(1)
  vi.advanceTimersByTime(1)
  put(2)
  vi.advanceTimersByTime(30)
  press()
  vi.advanceTimersByTime(40) // no sooner than 9 ms / 0.1 behind the first
  expect(batches).toEqual([[1]])
  press()
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
