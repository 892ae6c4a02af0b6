import { expect, test } from 'vitest'
import { RoomStore } from './room-store.ts'

function open(picture: { ms: number | null } = { ms: null }) {
  const store = new RoomStore(() => picture.ms)
  const events: unknown[] = []
  let changes = 0
  store.onEvent((event) => void events.push([event.e, event.seq]))
  store.subscribe(() => changes++)
  store.applySnapshot({ t: 'snapshot', seq: 10, state: [], chat: [], viewers: 5 }, false)
  return { store, events, changes: () => changes, picture }
}

test('[ROOM7] a tick behind a gap is refused, one that overlaps adds only what is new', () => {
  const { store, events } = open()
  expect(store.applyTick({ t: 'tick', prev: 11, seq: 12, m: [{ e: 'sold', seq: 12, data: 0 }] })).toBe(false)
  expect(store.seq).toBe(10)
  const first = {
    t: 'tick',
    prev: 10,
    seq: 12,
    m: [
      { e: 'sold', seq: 11, data: 0 },
      { k: 'stock:1', v: 12, value: 7 },
    ],
  } as const
  expect(store.applyTick({ ...first, m: [...first.m] })).toBe(true)
  expect(store.applyTick({ t: 'tick', prev: 10, seq: 13, m: [...first.m, { e: 'sold', seq: 13, data: 0 }] })).toBe(true)
  expect(events).toEqual([
    ['sold', 11],
    ['sold', 13],
  ])
  expect([store.value('stock:1'), store.seq]).toEqual([7, 13])
})

test('[ROOM21] a value shows with the picture it belongs to, and an event too, once', () => {
  const { store, events, picture, changes } = open({ ms: 5_000 })
  store.applyTick({ t: 'tick', prev: 10, seq: 11, m: [{ k: 'pin:1', v: 11, value: 'a', pdt: 4_000 }] })
  store.applyTick({
    t: 'tick',
    prev: 11,
    seq: 12,
    m: [
      { k: 'pin:1', v: 12, value: 'b', pdt: 8_000 },
      { e: 'pinned', seq: 12, data: 0, pdt: 8_000 },
    ],
  })
  expect([store.value('pin:1'), store.newest('pin:1'), store.waiting]).toEqual(['a', 'b', true])
  expect([store.valueAt('pin:1', 3_999), store.valueAt('pin:1', 8_000)]).toEqual([null, 'b'])
  const before = changes()
  picture.ms = 7_999
  store.atPicture()
  expect([store.value('pin:1'), events, changes()]).toEqual(['a', [], before])
  picture.ms = 8_000
  store.atPicture()
  store.atPicture()
  expect([store.value('pin:1'), events, store.waiting]).toEqual(['b', [['pinned', 12]], false])
  expect(changes()).toBe(before + 1)
})

test('[ROOM21] a newcomer with a late picture sees what the key held before', () => {
  const store = new RoomStore(() => 6_000)
  store.applySnapshot(
    {
      t: 'snapshot',
      seq: 20,
      state: [
        { k: 'pin:1', v: 12, value: 'b', pdt: 8_000, was: { value: 'a', pdt: 2_000 } },
        { k: 'pin:2', v: 13, value: null, pdt: 9_000, was: { value: 'c' } },
      ],
      chat: [],
      viewers: 1,
    },
    false,
  )
  expect([store.value('pin:1'), store.value('pin:2'), store.keys('pin:')]).toEqual(['a', 'c', ['pin:1', 'pin:2']])
  expect([store.newest('pin:1'), store.newest('pin:2')]).toEqual(['b', null])
})

test('a value without a picture counts at once, also over one that waits', () => {
  const { store } = open({ ms: 5_000 })
  store.applyTick({ t: 'tick', prev: 10, seq: 11, m: [{ k: 'pin:1', v: 11, value: 'b', pdt: 8_000 }] })
  store.applyTick({ t: 'tick', prev: 11, seq: 12, m: [{ k: 'pin:1', v: 12, value: null }] })
  expect(store.keys('')).toEqual([])
})

test('[ROOM18] deleted lines and lines of a banned person leave the chat', () => {
  const { store } = open()
  const line = (id: string, person: string) => ({ id, person, name: person, text: id, at: 1 })
  store.applyTick({ t: 'tick', d: { chat: [line('1', 'a'), line('2', 'b'), line('3', 'b')], more: 4 } })
  store.addLine(line('1', 'a'))
  expect([store.chat.length, store.unshown]).toEqual([3, 4])
  store.applyTick({ t: 'tick', prev: 10, seq: 11, m: [{ e: 'chat.deleted', seq: 11, data: { id: '1' } }] })
  store.applyTick({ t: 'tick', prev: 11, seq: 12, m: [{ e: 'chat.purged', seq: 12, data: { person: 'b' } }] })
  expect(store.chat).toEqual([])
})

test('[ROOM4] a second snapshot says that events may have been missed and replaces the state', () => {
  const { store } = open()
  let resets = 0
  store.onReset(() => resets++)
  store.applyTick({ t: 'tick', prev: 10, seq: 11, m: [{ k: 'a', v: 11, value: 1 }] })
  store.applySnapshot({ t: 'snapshot', seq: 5, state: [{ k: 'b', v: 5, value: 2 }], chat: [], viewers: 1 }, true)
  expect([resets, store.keys(''), store.seq]).toEqual([1, ['b'], 5])
})
