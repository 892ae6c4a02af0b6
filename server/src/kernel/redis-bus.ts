import { randomBytes } from 'node:crypto'
import { Redis } from 'ioredis'
import type { Bus } from './bus.ts'
import { type Cancel, type Clock, systemClock } from './clock.ts'
import type { Log } from './log.ts'

interface Subscriber {
  readonly call: (bytes: Uint8Array) => void
  readonly onGap: (() => void) | undefined
}

/** What waits while the connection is away; the oldest goes first, because what is old is worth least here. */
const mostWaiting = { messages: 1_000, bytes: 4_000_000 }
const commandMs = 2_000
/** A message to oneself shows that both connections carry; a silent line is cut after some of them. */
const pulseMs = 1_000
const silentMs = 3_500

/**
 * KEYS: names; ARGV: owner, ms, key of the counter. The term of each name that is the owner's afterwards, else 0. Terms follow the
 * seconds, so that they grow also when Redis has lost its memory.
 */
const holdScript = `
local terms = {}
for i, key in ipairs(KEYS) do
  local held = redis.call('get', key)
  if not held then
    local term = math.max(tonumber(redis.call('get', ARGV[3]) or 0) + 1, redis.call('time')[1] - 1700000000)
    redis.call('set', ARGV[3], term)
    redis.call('set', key, ARGV[1] .. ' ' .. term, 'px', ARGV[2])
    terms[i] = term
  elseif string.sub(held, 1, #ARGV[1]) == ARGV[1] then
    redis.call('pexpire', key, ARGV[2])
    terms[i] = tonumber(string.sub(held, #ARGV[1] + 2))
  else
    terms[i] = 0
  end
end
return terms`
const releaseScript = `
for _, key in ipairs(KEYS) do
  local held = redis.call('get', key)
  if held and string.sub(held, 1, #ARGV[1]) == ARGV[1] then redis.call('del', key) end
end`
const agreeScript = `
local first = redis.call('get', KEYS[1])
if first then return first end
redis.call('set', KEYS[1], ARGV[1])
return ARGV[1]`

export interface RedisBusOptions {
  readonly url: string
  /** Keeps several installations on one Redis apart. */
  readonly prefix: string
  readonly log: Log
  readonly clock?: Clock
}

/** Resolves at once: a Redis that is away is waited for in the background. */
export function openRedisBus(options: RedisBusOptions): Bus {
  const { log, prefix } = options
  const clock = options.clock ?? systemClock
  const owner = randomBytes(12).toString('hex')
  const topics = new Map<string, Set<Subscriber>>()
  const waiting = openWaiting()
  const common = {
    enableOfflineQueue: false,
    // Sent again after a reconnect, a message could arrive twice.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 3_000,
    keepAlive: 5_000,
    retryStrategy: (times: number) => Math.min(1_000, 50 * times),
  }
  const out = new Redis(options.url, { ...common, commandTimeout: commandMs })
  // No timeout on commands here: those of a subscriber have no answers of their own.
  const into = new Redis(options.url, { ...common, autoResubscribe: false })
  const pulse = `${prefix}pulse:${owner}`
  let hearing = false
  let heardAt = clock.now()
  let wasThere = false
  let closed = false

  const quietly = (what: string) => (problem: Error) => {
    if (!closed) log.debug({ problem: problem.message }, what)
  }
  for (const connection of [out, into]) connection.on('error', quietly('the bus is not reachable'))

  const send = (topic: string, bytes: Uint8Array): void =>
    void out
      .publish(topic, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
      .catch(quietly('a message was not sent'))

  out.on('ready', () => {
    for (const { topic, bytes } of waiting.take()) send(topic, bytes)
  })
  into.on('ready', () => {
    heardAt = clock.now()
    void hearAgain().catch(quietly('the bus could not be heard'))
  })
  into.on('close', () => {
    if (hearing && !closed) log.warn('the bus is away')
    hearing = false
  })
  into.on('messageBuffer', (channel: Buffer, bytes: Buffer) => {
    heardAt = clock.now()
    for (const one of [...(topics.get(channel.toString().slice(prefix.length)) ?? [])]) one.call(bytes)
  })

  async function hearAgain(): Promise<void> {
    await into.subscribe(pulse, ...[...topics.keys()].map((topic) => prefix + topic))
    heardAt = clock.now()
    hearing = true
    if (wasThere) {
      log.info('the bus is there again')
      for (const one of [...topics.values()].flatMap((all) => [...all])) one.onGap?.()
    }
    wasThere = true
  }

  const stopPulse: Cancel = clock.every(pulseMs, () => {
    if (into.status !== 'ready' || out.status !== 'ready') return
    if (clock.now() - heardAt > silentMs) {
      heardAt = clock.now()
      into.disconnect(true)
      out.disconnect(true)
      return
    }
    send(pulse, new Uint8Array(0))
  })

  return {
    shared: true,
    alive: () => hearing && out.status === 'ready',
    publish(topic, bytes) {
      if (closed) return
      if (out.status === 'ready') send(prefix + topic, bytes)
      else waiting.add(prefix + topic, bytes)
    },
    subscribe(topic, call, onGap) {
      const one: Subscriber = { call, onGap }
      const all = topics.get(topic) ?? new Set()
      topics.set(topic, all)
      if (all.size === 0 && into.status === 'ready')
        void into.subscribe(prefix + topic).catch(quietly('a topic could not be subscribed'))
      all.add(one)
      return () => {
        all.delete(one)
        if (all.size > 0 || topics.get(topic) !== all) return
        topics.delete(topic)
        if (into.status === 'ready') void into.unsubscribe(prefix + topic).catch(quietly('a topic could not be left'))
      }
    },
    async settled() {
      if (into.status === 'ready') await into.ping()
    },
    async audience(topic) {
      const [, count] = (await out.pubsub('NUMSUB', prefix + topic)) as [string, number]
      return Number(count)
    },
    async hold(names, forMs) {
      if (names.length === 0) return []
      const keys = names.map((name) => `${prefix}hold:${name}`)
      const terms = (await out.eval(holdScript, keys.length, ...keys, owner, forMs, `${prefix}term`)) as number[]
      return terms.map((term) => (term === 0 ? null : term))
    },
    async release(names) {
      if (names.length > 0) await out.eval(releaseScript, names.length, ...names.map((name) => `${prefix}hold:${name}`), owner)
    },
    async agree(name, value) {
      return (await out.eval(agreeScript, 1, `${prefix}agreed:${name}`, value)) as string
    },
    async [Symbol.asyncDispose]() {
      closed = true
      stopPulse()
      topics.clear()
      into.disconnect()
      // Lets go of what is on its way.
      await out.quit().then(() => undefined, quietly('the bus was away at the end'))
      out.disconnect()
    },
  }
}

function openWaiting() {
  let list: { topic: string; bytes: Uint8Array }[] = []
  let size = 0
  return {
    add(topic: string, bytes: Uint8Array) {
      list.push({ topic, bytes })
      size += bytes.length
      while (list.length > mostWaiting.messages || size > mostWaiting.bytes) size -= list.shift()?.bytes.length ?? 0
    },
    take() {
      const taken = list
      list = []
      size = 0
      return taken
    },
  }
}
