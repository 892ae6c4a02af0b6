import { expect, test } from 'vitest'
import { fakeClock } from '../../kernel/clock.ts'
import type { Ctx } from '../../kernel/context.ts'
import type { AnyEvent } from '../../kernel/events.ts'
import { openLog } from '../../kernel/log.ts'
import { inRoom, type Teller } from './contribution.ts'
import { openFeed } from './feed.ts'
import { world } from './hub/testing.ts'

/** The feed needs of a context only the log, the clock and the event tail. */
function feed(tellers: readonly Teller[]) {
  const clock = fakeClock(0)
  const room = world()
  let deliver: (event: AnyEvent) => void = () => undefined
  const events = {
    follow(call: (event: AnyEvent) => void) {
      deliver = call
      return () => undefined
    },
  }
  openFeed({ clock, log: openLog('silent'), events } as unknown as Ctx, room.hub, [{ name: 'test', tellers }])
  const happen = (pos: number, type: string) => deliver({ pos, type, at: 0, topic: 'shw_1', body: {} })
  const rest = async () => {
    for (let i = 0; i < 20; i++) {
      clock.advance(1_000)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  return { ...room, happen, rest }
}

test('[ROOM22] events are told in the order of the log though some must be looked up', async () => {
  const answers: (() => void)[] = []
  const slow: Teller = {
    type: 'slow',
    tell: async (_, event) => {
      await new Promise<void>((resolve) => void answers.push(resolve))
      return inRoom('shw_1', { e: 'slow', data: event.pos })
    },
  }
  const quick: Teller = { type: 'quick', tell: (_, event) => inRoom('shw_1', { e: 'quick', data: event.pos }) }
  const { happen, rest, join, hub, clock } = feed([slow, quick])
  const viewer = await join()
  happen(11, 'quick')
  happen(12, 'slow')
  happen(13, 'quick')
  happen(14, 'slow')
  happen(15, 'nobody tells this')
  await rest()
  expect(hub.pos).toBe(11)
  expect(answers).toHaveLength(2)
  answers[1]?.()
  await rest()
  expect(hub.pos).toBe(11)
  answers[0]?.()
  await rest()
  expect(hub.pos).toBe(15)
  clock.advance(200)
  expect(viewer.of('tick').flatMap((tick) => (tick.m as { seq: number }[]).map((one) => one.seq))).toEqual([11, 12, 13, 14])
})

test('[ROOM22] a look-up that fails once is tried again; one that keeps failing shuts the room, so that it is read anew', async () => {
  let failures = 1
  const shaky: Teller = {
    type: 'shaky',
    tell: async () => {
      if (failures-- > 0) throw new Error('the database is away')
      return inRoom('shw_1', { e: 'came', data: null })
    },
  }
  const { happen, rest, join, hub, clock } = feed([shaky])
  const viewer = await join()
  happen(11, 'shaky')
  await rest()
  clock.advance(200)
  expect(viewer.of('tick')).toHaveLength(1)
  failures = 100
  happen(12, 'shaky')
  await rest()
  expect(viewer.of('bye')).toHaveLength(1)
  expect(hub.room('shw_1')).toBeUndefined()
  expect(hub.pos).toBe(12)
})

test('[ROOM22] what breaks while it is told shuts its room and nothing else', async () => {
  const broken: Teller = {
    type: 'broken',
    tell: () => {
      throw new Error('a defect')
    },
  }
  const { happen, rest, join, hub } = feed([broken, { type: 'quick', tell: () => inRoom('shw_2', { e: 'quick', data: null }) }])
  const [viewer, other] = [await join(), await join({ room: 'shw_2' })]
  happen(11, 'broken')
  happen(12, 'quick')
  await rest()
  expect([viewer.of('bye').length, other.of('bye').length, other.of('tick').length]).toEqual([1, 0, 0])
  expect(hub.room('shw_2')?.seq).toBe(12)
})
