import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toolPath } from '../../../scripts/needs.ts'
import { startRedis, type TestRedis } from '../../test/redis.ts'
import { busContract } from './bus.contract.ts'
import type { Bus } from './bus.ts'
import { openLog } from './log.ts'
import { openRedisBus } from './redis-bus.ts'

let redis: TestRedis
const log = openLog('silent')
const patience = { timeout: 20_000, interval: 20 }

async function openEnds() {
  const prefix = `${randomUUID()}:`
  const ends = [openRedisBus({ url: redis.url, prefix, log }), openRedisBus({ url: redis.url, prefix, log })] as const
  const [here, there] = ends
  await expect.poll(() => here.alive() && there.alive(), patience).toBe(true)
  return {
    here,
    there,
    async [Symbol.asyncDispose]() {
      for (const bus of ends) await bus[Symbol.asyncDispose]()
    },
  }
}
const say = (bus: Bus, text: string) => bus.publish('room', new TextEncoder().encode(text))
function hear(bus: Bus) {
  const heard: string[] = []
  let gaps = 0
  bus.subscribe(
    'room',
    (bytes) => void heard.push(Buffer.from(bytes).toString()),
    () => void gaps++,
  )
  return { heard, gaps: () => gaps }
}

describe.skipIf(!toolPath('redis-server'))('the bus over Redis', () => {
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis[Symbol.asyncDispose]())

  busContract(openEnds)

  test('after a Redis that was killed came back, subscribers are told of a gap and hear again what was kept for them', async () => {
    await using ends = await openEnds()
    const { here, there } = ends
    const listener = hear(there)
    await there.settled()
    say(here, 'before')
    await expect.poll(() => listener.heard, patience).toEqual(['before'])
    expect(listener.gaps()).toBe(0)
    await redis.kill()
    await expect.poll(() => here.alive() || there.alive(), patience).toBe(false)
    await expect(here.hold(['room'], 1_000)).rejects.toThrow()
    // Far more than may wait: the oldest are dropped.
    for (let n = 0; n < 5_000; n++) say(here, `waited ${n}`)
    await redis.start()
    await expect.poll(() => listener.gaps() === 1 && here.alive(), patience).toBe(true)
    say(here, 'after')
    await expect.poll(() => listener.heard.at(-1), patience).toBe('after')
    expect(listener.heard.length).toBeLessThanOrEqual(1_002)
    expect(listener.heard.slice(1, -1)).toEqual(
      [...listener.heard.slice(1, -1)].sort((a, b) => Number(a.slice(7)) - Number(b.slice(7))),
    )
  })

  test('a line that is open but carries nothing is noticed and replaced', async () => {
    await using ends = await openEnds()
    const listener = hear(ends.there)
    await ends.there.settled()
    redis.freeze(true)
    try {
      await expect.poll(() => ends.here.alive() || ends.there.alive(), patience).toBe(false)
    } finally {
      redis.freeze(false)
    }
    await expect.poll(() => listener.gaps() >= 1 && ends.here.alive(), patience).toBe(true)
    say(ends.here, 'thawed')
    await expect.poll(() => listener.heard.at(-1), patience).toBe('thawed')
  })

  test('a name whose holder says nothing more is free after its time', async () => {
    await using ends = await openEnds()
    const [term] = await ends.here.hold(['room'], 200)
    await expect.poll(async () => (await ends.there.hold(['room'], 200))[0] ?? 0, patience).toBeGreaterThan(term as number)
    expect((await ends.here.hold(['room'], 200))[0]).toBe(null)
  })

  test('closing while Redis is away ends without an error', async () => {
    const bus = openRedisBus({ url: 'redis://127.0.0.1:1', prefix: 'x:', log })
    bus.subscribe('room', () => undefined)
    say(bus, 'nobody')
    expect(bus.alive()).toBe(false)
    await bus[Symbol.asyncDispose]()
  })
})
