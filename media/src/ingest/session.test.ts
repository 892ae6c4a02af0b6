import { expect, test } from 'vitest'
import type { Admission } from '../hooks.ts'
import { silentLog } from '../log.ts'
import type { AudioConfig, VideoConfig } from '../sample.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { hookLog } from '../testing/hook-log.ts'
import { INGEST_LIMITS } from './limits.ts'
import type { OutputRequest, Publication, PublisherLink } from './session.ts'
import { Sessions } from './session.ts'

const VIDEO: VideoConfig = {
  track: 'video',
  codec: 'h264',
  sps: [Buffer.of(0x67)],
  pps: [Buffer.of(0x68)],
  width: 640,
  height: 360,
  codecString: 'avc1.42c01f',
}
const AUDIO: AudioConfig = {
  track: 'audio',
  codec: 'opus',
  sampleRate: 48_000,
  channels: 2,
  description: Buffer.alloc(11),
  codecString: 'opus',
}
const admission = (streamId: string, graceMs = 30_000): Admission => ({
  ok: true,
  streamId,
  record: null,
  playbackKey: null,
  graceMs,
})

/** Lets what waits for closed outputs happen. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

function world(maxStreams = 8) {
  const clock = fakeClock()
  const hooks = hookLog()
  const log: string[] = []
  const requests: OutputRequest[] = []
  const ends: Promise<void>[] = []
  const sessions = new Sessions({
    hooks,
    clock,
    log: silentLog,
    limits: { ...INGEST_LIMITS, maxStreams },
    openOutput(request) {
      requests.push(request)
      log.push(`open ${request.streamId}`)
      return {
        attach: () => {
          log.push('attach')
          return { configure: () => undefined, sample: () => undefined, discontinuity: () => undefined, end: () => undefined }
        },
        record: (order) => void log.push(`record ${order?.dir ?? 'nothing'}`),
        end: () => {
          log.push(`end ${request.streamId}`)
          return ends.shift() ?? Promise.resolve()
        },
      }
    },
  })
  const link = (name: string): PublisherLink => ({
    protocol: 'rtmp',
    remote: name,
    close: (reason) => void log.push(`${name} closed: ${reason}`),
  })
  let ms = 0
  const play = (publication: Publication | null) => {
    publication?.feed.configure(VIDEO)
    publication?.feed.configure(AUDIO)
    ms += 1000
    publication?.feed.sample({ track: 'video', dtsUs: ms * 1000, ptsUs: ms * 1000, key: true, data: Buffer.alloc(9) })
  }
  return { clock, hooks, log, requests, sessions, link, play, ends }
}

test('[ING3] the newest publisher of a stream wins and the one before is told', () => {
  const { hooks, log, sessions, link, play } = world()
  const first = sessions.publish(admission('s'), link('obs'))
  play(first)
  const second = sessions.publish(admission('s'), link('phone'))
  play(second)
  expect(log).toEqual(['open s', 'attach', 'obs closed: taken_over', 'attach'])
  expect(hooks.types()).toEqual(['started', 'publisherBack'])
  expect(hooks.events[1]).toMatchObject({ tookOver: true, remote: 'phone', sessionId: first?.sessionId })
  first?.lost('connection_closed')
  play(first)
  expect(hooks.types()).toEqual(['started', 'publisherBack'])
})

test('[ING4] a publisher that returns within the grace period goes on in the same session', () => {
  const { clock, hooks, log, sessions, link, play } = world()
  const first = sessions.publish(admission('s'), link('a'))
  play(first)
  first?.lost('connection_closed')
  expect(hooks.events.at(-1)).toMatchObject({
    type: 'publisherLost',
    cause: 'connection_closed',
    graceUntilAt: clock.now() + 30_000,
  })
  expect(sessions.get('s')?.stats.state).toBe('grace')
  clock.advance(29_000)
  const second = sessions.publish(admission('s'), link('b'))
  play(second)
  clock.advance(4_000)
  const lives = hooks.types().filter((type) => type !== 'stats')
  expect(lives).toEqual(['started', 'publisherLost', 'publisherBack'])
  expect(second?.sessionId).toBe(first?.sessionId)
  expect(log).not.toContain('end s')
})

test('[ING4] when the grace period is over the stream ends, once', async () => {
  const { clock, hooks, log, sessions, link, play } = world()
  const first = sessions.publish(admission('s', 10_000), link('a'))
  play(first)
  first?.lost('connection_closed')
  clock.advance(10_000)
  await settle()
  expect(hooks.events.at(-1)).toMatchObject({ type: 'ended', cause: 'grace_over' })
  expect(log).toContain('end s')
  expect(sessions.list()).toEqual([])
  expect(sessions.end('s')).toBe(false)
})

test('a stream that never showed a picture leaves no trace in the journal', () => {
  const { clock, hooks, sessions, link } = world()
  sessions.publish(admission('s', 1_000), link('a'))?.lost('connection_closed')
  clock.advance(1_000)
  expect(hooks.types()).toEqual([])
})

test('[ING10] a silent publisher counts as lost', () => {
  const { clock, hooks, log, sessions, link, play } = world()
  play(sessions.publish(admission('s'), link('a')))
  clock.advance(INGEST_LIMITS.silenceMs + 1_000)
  expect(log).toContain('a closed: silent')
  expect(hooks.events.filter((event) => event.type === 'publisherLost')).toMatchObject([{ cause: 'silent' }])
})

test('[ING8] a refusal names its reason to the server and to the encoder, and the stream waits', () => {
  const { hooks, log, requests, sessions, link, play } = world()
  play(sessions.publish(admission('s'), link('a')))
  requests[0]?.refused('keyframes_too_far', { intervalMs: 8000 })
  expect(log).toContain('a closed: keyframes_too_far')
  expect(hooks.events.slice(1)).toMatchObject([
    { type: 'refused', streamId: 's', code: 'keyframes_too_far', detail: { intervalMs: 8000 } },
    { type: 'publisherLost', cause: 'refused' },
  ])
})

test('[ING19] there is room for so many streams, but always for one that is already there', () => {
  const { sessions, link } = world(2)
  expect(sessions.publish(admission('a'), link('1'))).not.toBeNull()
  expect(sessions.publish(admission('b'), link('2'))).not.toBeNull()
  expect(sessions.hasRoom('c')).toBe(false)
  expect(sessions.publish(admission('c'), link('3'))).toBeNull()
  expect(sessions.publish(admission('a'), link('4'))).not.toBeNull()
})

test('the server may end a stream, send its publisher away and change its recording', async () => {
  const { hooks, log, sessions, link, play } = world()
  play(sessions.publish(admission('s'), link('a')))
  expect(sessions.ensure('s', { dir: '/r', maxBytes: 5 })).toBe(true)
  expect(sessions.kick('s', 'moderator')).toBe(true)
  expect(sessions.kick('s', 'moderator')).toBe(false)
  play(sessions.publish(admission('s'), link('b')))
  expect(sessions.end('s')).toBe(true)
  expect(log.slice(2)).toEqual(['record /r', 'a closed: moderator', 'attach', 'b closed: ended', 'end s'])
  await settle()
  expect(hooks.types()).toEqual(['started', 'publisherLost', 'publisherBack', 'ended'])
})

test('[ING23] the end is told when the recording is whole, or when its disk hangs for too long', async () => {
  for (const hangs of [false, true]) {
    const { clock, hooks, sessions, link, play, ends } = world()
    play(sessions.publish(admission('s'), link('a')))
    let whole: () => void = () => undefined
    ends.push(
      new Promise((resolve) => {
        whole = resolve
      }),
    )
    sessions.end('s')
    await settle()
    expect(hooks.types()).toEqual(['started'])
    if (hangs) clock.advance(10_000)
    else whole()
    await settle()
    expect(hooks.types().at(-1)).toBe('ended')
  }
})

test('[ING23] an admission to a session that is over is not used: the server did not know yet', () => {
  const { sessions, link } = world()
  const named = { ...admission('s'), sessionId: 'ses_1' }
  sessions.publish(named, link('a'))
  sessions.end('s')
  expect(sessions.publish(named, link('b'))).toBeNull()
  expect(sessions.publish({ ...named, sessionId: 'ses_2' }, link('c'))).not.toBeNull()
})

test('[ING20] stopping closes the recordings and ends no show', () => {
  const { hooks, log, sessions, link, play } = world()
  play(sessions.publish(admission('s'), link('a')))
  sessions.stop()
  expect(log.slice(2)).toEqual(['a closed: media_stopped', 'end s'])
  expect(hooks.types()).toEqual(['started', 'publisherLost'])
})
