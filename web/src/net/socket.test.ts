import { expect, test } from 'vitest'
import { RoomSocket, type SocketLike } from './socket.ts'

/** A socket of a room whose picture is moved by hand; timers run when told. */
function openRoom() {
  const wire: SocketLike = {
    onopen: null,
    onmessage: null,
    onclose: null,
    onerror: null,
    send: () => undefined,
    close: () => undefined,
  }
  const due: { ms: number; call: () => void }[] = []
  let picture: number | null = null
  const room = new RoomSocket({
    url: 'ws://room.example',
    room: 'shw_1',
    pictureNow: () => picture,
    open: () => wire,
    after: (ms, call) => {
      const one = { ms, call }
      due.push(one)
      return () => void due.splice(due.indexOf(one), 1)
    },
  })
  return {
    room,
    say: (message: object) => wire.onmessage?.({ data: JSON.stringify(message) }),
    show: (at: number | null) => {
      picture = at
    },
    /** Everything that is due within a second. */
    pass: () => {
      for (const one of due.filter(({ ms }) => ms <= 1_000)) {
        due.splice(due.indexOf(one), 1)
        one.call()
      }
    },
  }
}

const pin = { k: 'pin:primary', v: 5, value: { lotId: 'lot_1', slot: 'primary' }, pdt: 10_000 }

test('a picture that jumps to the live point shows the pin of the snapshot, though nothing else is said in the room', () => {
  const { room, say, show, pass } = openRoom()
  // At first a player stands at the beginning of what it was given, long before the pin.
  show(2_000)
  say({ t: 'snapshot', seq: 5, state: [pin], chat: [], viewers: 1 })
  expect(room.store.value('pin:primary')).toBeNull()
  let drawn = 0
  room.store.subscribe(() => drawn++)
  show(30_000)
  pass()
  expect(room.store.value('pin:primary')).toEqual(pin.value)
  expect(drawn).toBe(1)
})
