import { Down } from '@efir/contract/room/down.ts'
import { Compile } from 'typebox/compile'
import { fakeClock } from '../../../kernel/clock.ts'
import { Hub, type HubOptions } from './hub.ts'
import type { RoomStart } from './room.ts'

const down = Compile(Down)
export const start = (more: Partial<RoomStart> = {}): RoomStart => ({
  state: [],
  chat: [],
  entry: 'all',
  marks: new Map(),
  banned: new Set(),
  ...more,
})

interface Said {
  t: string
  [field: string]: unknown
}

function textOf(frame: Buffer): string {
  const short = (frame[1] as number) & 127
  return frame.subarray(short < 126 ? 2 : short === 126 ? 4 : 10).toString()
}

/** A hub on a fake clock, with connections that keep what they were sent; every message must be one of the protocol. */
export function world(options: Partial<HubOptions> = {}) {
  const clock = fakeClock(1_700_000_000_000)
  const later: (() => void)[] = []
  const hub = new Hub({
    clock,
    epoch: 'e1',
    pos: 10,
    open: async () => start(),
    memberOf: (token) => (token === 'old' ? 'token_expired' : { personId: token, name: token.toUpperCase(), operator: false }),
    say: async (_, { member, key, text }) => ({ id: key, person: member.personId, name: member.name, text, at: clock.now() }),
    defer: (next) => void later.push(next),
    ...options,
  })
  hub.start()
  async function join(message: object = {}) {
    const frames: Buffer[] = []
    const seen = { code: 0, takes: true, queued: 0 }
    const connection = hub.connect({
      write: (frame) => {
        frames.push(frame)
        return seen.takes
      },
      queued: () => seen.queued,
      close: (code) => {
        seen.code = code
      },
    })
    if (!connection) throw new Error('not connected')
    const said = (): Said[] =>
      frames.map((frame) => {
        const message = JSON.parse(textOf(frame)) as Said
        if (!down.Check(message)) throw new Error(`not a message of the protocol: ${textOf(frame)}`)
        return message
      })
    const tell = (up: object) => connection.receive(JSON.stringify(up))
    if (!('silent' in message)) tell({ t: 'join', v: 1, room: 'shw_1', ...message })
    await new Promise((resolve) => setImmediate(resolve))
    return {
      frames,
      seen,
      tell,
      connection,
      said,
      of: (t: string) => said().filter((one) => one.t === t),
      ack: () => tell({ t: 'ack', frame: hub.room('shw_1')?.frame ?? 0, seq: 0 }),
      forget: () => void frames.splice(0),
    }
  }
  return { hub, clock, join, later, run: () => later.splice(0).map((call) => call()) }
}
