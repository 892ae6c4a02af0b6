import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { toolPath } from '../../scripts/needs.ts'
import { systemClock } from './clock.ts'
import { silentLog } from './log.ts'
import { Media } from './media.ts'
import { publishLoop } from './publish/publish.ts'
import { fakeClock } from './testing/fake-clock.ts'
import type { HookServer } from './testing/hook-server.ts'
import { openHookServer } from './testing/hook-server.ts'
import type { MediaProcess } from './testing/process.ts'
import { ask, socketOf, startMedia, startOrphan } from './testing/process.ts'
import { until } from './testing/sink.ts'

const ffmpeg = test.skipIf(!toolPath('ffmpeg'))

let closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
  closers = []
})

async function hookServer(): Promise<HookServer> {
  const server = await openHookServer()
  closers.push(() => server.close())
  return server
}

function control(server: HookServer, path: string, method = 'GET', body = ''): Promise<{ status: number; body: string }> {
  return ask(socketOf(server), `/control/${path}`, { method, body, headers: { authorization: `Bearer ${server.secret}` } })
}

interface Health {
  version: string
  pid: number
  bootId: string
  rtmpPort: number
  streams: { streamId: string; stats: { state: string } }[]
}

async function health(server: HookServer): Promise<Health> {
  let seen: Health | undefined
  for (let tries = 0; seen === undefined && tries < 300; tries += 1) {
    const answer = await control(server, 'health').catch(() => undefined)
    if (answer?.status === 200) seen = JSON.parse(answer.body)
    else await new Promise((resolve) => setTimeout(resolve, 50))
  }
  if (seen === undefined) throw new Error('media does not answer')
  return seen
}

async function start(server: HookServer): Promise<MediaProcess & Health> {
  const started = startMedia(server)
  closers.push(async () => {
    started.child.kill('SIGKILL')
    await started.exited
  })
  return { ...started, ...(await health(server)) }
}

function makeClip(server: HookServer): string {
  const file = join(server.dir, 'clip.flv')
  spawnSync('ffmpeg', [
    '-loglevel',
    'error',
    '-f',
    'lavfi',
    '-i',
    'testsrc2=size=160x90:rate=25',
    '-f',
    'lavfi',
    '-i',
    'sine=sample_rate=48000',
    '-t',
    '4',
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-bf',
    '0',
    '-g',
    '50',
    '-pix_fmt',
    'yuv420p',
    '-c:a',
    'aac',
    '-f',
    'flv',
    file,
  ])
  return file
}

function publish(port: number, file: string): void {
  const stop = new AbortController()
  const done = publishLoop({
    url: `rtmp://127.0.0.1:${port}/live/key_of_the_show`,
    file,
    clock: systemClock,
    signal: stop.signal,
  })
  closers.push(async () => {
    stop.abort()
    await done
  })
}

ffmpeg(
  '[ING20] the whole process: a publisher in, viewers and a recording out, and no show is ended by stopping it',
  async () => {
    const server = await hookServer()
    const recording = join(server.dir, 'recording')
    server.admit = () => ({
      ok: true,
      streamId: 'str_1',
      sessionId: 'ses_1',
      record: { dir: recording, maxBytes: 1e9 },
      playbackKey: null,
      graceMs: 30_000,
    })
    const media = await start(server)
    expect(media).toMatchObject({ version: 'v1', streams: [] })
    publish(media.rtmpPort, makeClip(server))
    await until('segments are told', () => server.of('segment').length >= 2)
    expect(server.of('segment')[0]).toMatchObject({ streamId: 'str_1', sessionId: 'ses_1' })

    const playlist = await ask(socketOf(server), '/live/str_1/live.m3u8')
    expect(playlist.status).toBe(200)
    expect(playlist.body).toContain('#EXT-X-PART:')
    expect((await ask(socketOf(server), '/live/other/live.m3u8')).status).toBe(404)
    expect((await ask(socketOf(server), '/control/health')).status).toBe(401)
    expect((await ask(socketOf(server), '/control/health', { headers: { authorization: 'Bearer wrong' } })).status).toBe(401)
    expect((await ask(socketOf(server), '/whip/show', { method: 'OPTIONS' })).status).toBe(204)
    expect(JSON.parse((await control(server, 'streams/str_1')).body)).toMatchObject({
      streamId: 'str_1',
      recording: true,
      stats: { state: 'live' },
    })
    expect((await control(server, 'streams/nothing')).status).toBe(404)

    media.child.kill('SIGTERM')
    expect(await media.exited).toBe(0)
    expect(server.of('ended')).toEqual([])
    expect(server.of('publisherLost')[0]).toMatchObject({ cause: 'media_stopped' })
    expect(readFileSync(join(recording, 'vod.m3u8'), 'utf8')).toContain('#EXT-X-ENDLIST')
    expect(existsSync(socketOf(server))).toBe(false)
    expect(media.output()).not.toContain('key_of_the_show')
    expect(media.output()).not.toContain('"event":"fault"')
  },
)

ffmpeg('[ING20] media outlives the server that started it, and can be asked to end a stream and to stop', async () => {
  const server = await hookServer()
  await startOrphan(server)
  const media = await health(server)
  closers.push(() => {
    try {
      process.kill(media.pid, 'SIGKILL')
    } catch (error) {
      // Gone, as it should be.
      expect(error).toMatchObject({ code: 'ESRCH' })
    }
  })
  publish(media.rtmpPort, makeClip(server))
  await until('it is on air', () => server.of('started').length === 1)
  expect((await health(server)).streams).toMatchObject([{ streamId: 'key_of_the_show' }])
  expect((await control(server, 'streams/key_of_the_show/kick', 'POST', '{"reason":"moderator"}')).status).toBe(200)
  await until('the publisher is back', () => server.of('publisherBack').length === 1)
  expect((await control(server, 'streams/key_of_the_show/end', 'POST')).status).toBe(200)
  await until('the end is told', () => server.of('ended').length === 1)
  expect(server.of('ended')[0]?.cause).toBe('ended_by_server')
  expect((await control(server, 'shutdown', 'POST')).status).toBe(202)
  await until('its socket is gone', () => !existsSync(socketOf(server)))
})

test('[ING20] a killed process leaves nothing in the way of the next, a living one keeps its place', async () => {
  const server = await hookServer()
  const first = await start(server)
  const second = startMedia(server)
  expect(await second.exited).toBe(3)
  first.child.kill('SIGKILL')
  await first.exited
  const third = await start(server)
  expect(third.bootId).not.toBe(first.bootId)
})

test('[ING20] without a word from any server the process stops by itself', async () => {
  const server = await hookServer()
  const clock = fakeClock()
  const media = await Media.open({
    socketPath: socketOf(server),
    hooks: { socketPath: join(server.dir, 'nobody.sock'), secret: 's' },
    secret: 's',
    version: 'v1',
    rtmp: { host: '127.0.0.1', port: 0 },
    webrtc: { announcedIps: [], portRange: null },
    clock,
    log: silentLog,
    openRecording: () => ({ close: async () => undefined }),
    aac: false,
    whepViewers: 0,
    orphanMs: 10 * 60_000,
  })
  clock.advance(9 * 60_000)
  expect((await ask(socketOf(server), '/control/health', { headers: { authorization: 'Bearer s' } })).status).toBe(200)
  clock.advance(9 * 60_000)
  expect((await ask(socketOf(server), '/control/health', { headers: { authorization: 'Bearer s' } })).status).toBe(200)
  clock.advance(12 * 60_000)
  await media.over
})
