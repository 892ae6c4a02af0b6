import { request } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import type { MediaSample } from '../sample.ts'
import { playSamples } from '../testing/clip.ts'
import type { LiveWorld } from '../testing/live-world.ts'
import { liveWorld, tags } from '../testing/live-world.ts'
import { AAC, SMALL, synthetic } from '../testing/synthetic.ts'
import { signPlayback } from './signature.ts'

const worlds: LiveWorld[] = []
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close()
})

/** A show that has run for some seconds, and the rest of its samples. */
async function running(seconds: number, options: Parameters<typeof liveWorld>[0] = {}, bytes = 200) {
  const world = await liveWorld(options)
  worlds.push(world)
  const samples = synthetic({ seconds: 300, bytes }).filter(({ dtsUs }) => dtsUs < 300_000_000)
  const sink = world.stream.attach()
  sink.configure(SMALL)
  sink.configure(AAC)
  let sent = 0
  const playTo = (untilS: number) => {
    const next: MediaSample[] = []
    for (let sample = samples[sent]; sample !== undefined && sample.dtsUs < untilS * 1_000_000; sample = samples[sent]) {
      next.push(sample)
      sent += 1
    }
    playSamples(next, sink, world.clock)
  }
  playTo(seconds)
  return { world, sink, playTo }
}

/** Answers that arrive while nothing happens on the stream. */
async function pending<T>(promise: Promise<T>): Promise<boolean> {
  let settled = false
  void promise.then(() => {
    settled = true
  })
  for (let i = 0; i < 20 && !settled; i += 1) await new Promise((resolve) => setImmediate(resolve))
  return !settled
}

async function waiting(world: LiveWorld, count: number): Promise<void> {
  while (world.show.waiting < count) await new Promise((resolve) => setImmediate(resolve))
}

const numbers = (lines: readonly string[]): number[] => lines.map((line) => Number.parseFloat(line))

test('[HLS16] server control allows blocking reload, delta updates and says how far back to stay', async () => {
  const { world } = await running(9)
  const playlist = await world.text('live.m3u8')
  const [control = ''] = tags(playlist, 'EXT-X-SERVER-CONTROL')
  expect(control).toContain('CAN-BLOCK-RELOAD=YES')
  const value = (name: string) => Number(new RegExp(`${name}=([\\d.]+)`).exec(control)?.[1])
  const partTarget = Number(/PART-TARGET=([\d.]+)/.exec(playlist)?.[1])
  expect(value('PART-HOLD-BACK')).toBeGreaterThanOrEqual(Math.max(1, 3 * partTarget))
  expect(value(',HOLD-BACK')).toBe(6)
  expect(value('CAN-SKIP-UNTIL')).toBe(12)
})

test('[HLS3] [HLS17] parts keep to the target and are listed for the last three target durations only', async () => {
  const { world } = await running(31)
  const playlist = await world.text('live.m3u8')
  const target = Number(/PART-TARGET=([\d.]+)/.exec(playlist)?.[1])
  const listed = numbers(tags(playlist, 'EXT-X-PART').map((line) => line.slice('DURATION='.length)))
  expect(Math.max(...listed)).toBeLessThanOrEqual(target)
  const firstPart = playlist.split('\n').findIndex((line) => line.startsWith('#EXT-X-PART:'))
  const before = numbers(tags(playlist.split('\n').slice(0, firstPart).join('\n'), 'EXTINF'))
  expect(before.reduce((sum, seconds) => sum + seconds, 0)).toBeGreaterThanOrEqual(22)
  expect(listed.reduce((sum, seconds) => sum + seconds, 0)).toBeGreaterThanOrEqual(6)
  world.stream.end()
  expect(tags(await world.text('live.m3u8'), 'EXT-X-PART')).toEqual([])
})

test('[HLS18] the hint names the next part, and every hint given comes true', async () => {
  const { world, playTo } = await running(3)
  const hints = new Set<string>()
  for (let at = 3; at < 12; at += 0.1) {
    playTo(at)
    hints.add(/PRELOAD-HINT:TYPE=PART,URI="([^"]+)"/.exec(await world.text('live.m3u8'))?.[1] ?? '')
  }
  playTo(13)
  expect(hints.size).toBeGreaterThan(25)
  for (const hint of hints) expect((await world.get(hint)).status).toBe(200)
})

test('[HLS21] a request for a segment is answered when that segment is whole', async () => {
  const { world, playTo } = await running(5)
  expect(tags(await world.text('live.m3u8?_HLS_msn=1'), 'EXTINF')).toHaveLength(2)
  const blocked = world.text('live.m3u8?_HLS_msn=2')
  await waiting(world, 1)
  playTo(5.9)
  expect(await pending(blocked)).toBe(true)
  playTo(6.1)
  expect(await blocked).toContain('\ns2.m4s\n')
})

test('[HLS21] a request for a part is answered with that part, one past the last of a segment with the first of the next', async () => {
  const { world, playTo } = await running(4.5)
  const blocked = world.text('live.m3u8?_HLS_msn=2&_HLS_part=2')
  const beyond = world.text('live.m3u8?_HLS_msn=2&_HLS_part=9')
  await waiting(world, 2)
  expect(world.show.waiting).toBe(2)
  playTo(5)
  expect(await blocked).toContain('URI="s2.2.m4s"')
  playTo(6.1)
  expect(await pending(beyond)).toBe(true)
  playTo(6.5)
  expect(await beyond).toContain('URI="s3.0.m4s"')
})

test('[HLS21] after the end nobody waits', async () => {
  const { world } = await running(5)
  const blocked = world.get('live.m3u8?_HLS_msn=3')
  await waiting(world, 1)
  world.stream.end()
  expect(await (await blocked).text()).toContain('#EXT-X-ENDLIST')
  expect((await world.get('live.m3u8?_HLS_msn=4&_HLS_part=1')).status).toBe(200)
})

test('[HLS22] directives without sense or too far ahead are refused at once', async () => {
  const { world } = await running(5)
  for (const query of [
    '_HLS_part=1',
    '_HLS_msn=-1',
    '_HLS_msn=x',
    '_HLS_msn=2&_HLS_part=1.5',
    '_HLS_msn=4',
    '_HLS_msn=99999',
    '_HLS_msn=2&_HLS_part=40',
    '_HLS_msn=1e3',
  ]) {
    const answer = await world.get(`live.m3u8?${query}`)
    expect([query, answer.status, answer.headers.get('cache-control')]).toEqual([query, 400, 'no-store'])
  }
})

test('[HLS23] no news for three target durations is a 503 that nobody caches', async () => {
  const { world } = await running(5)
  const blocked = world.get('live.m3u8?_HLS_msn=2')
  const part = world.get('s2.3.m4s')
  await waiting(world, 2)
  world.clock.advance(5_900)
  expect(world.show.waiting).toBe(2)
  world.clock.advance(200)
  for (const answer of [await blocked, await part]) {
    expect([answer.status, answer.headers.get('cache-control'), answer.headers.get('retry-after')]).toEqual([
      503,
      'no-store',
      '1',
    ])
  }
})

test('[HLS23] waiting requests are bounded, and those whose client has gone are forgotten', async () => {
  const { world } = await running(5, { limits: { maxWaiting: 3 } })
  const leave = new AbortController()
  const held = [1, 2, 3].map(() => world.get('live.m3u8?_HLS_msn=2', { signal: leave.signal }).catch(() => undefined))
  await waiting(world, 3)
  expect((await world.get('live.m3u8?_HLS_msn=2')).status).toBe(503)
  expect((await world.get('live.m3u8')).status).toBe(200)
  leave.abort()
  await Promise.all(held)
  while (world.show.waiting > 0) await new Promise((resolve) => setImmediate(resolve))
})

test('[HLS24] a delta update leaves out what is older than six target durations and nothing else', async () => {
  const { world } = await running(41)
  const full = await world.text('live.m3u8')
  const delta = await world.text('live.m3u8?_HLS_skip=YES')
  const skipped = Number(/SKIPPED-SEGMENTS=(\d+)/.exec(delta)?.[1])
  expect(skipped).toBeGreaterThan(10)
  const segments = (text: string) => text.split('\n').filter((line) => /^s\d+\.m4s/.test(line))
  expect(segments(delta)).toEqual(segments(full).slice(skipped))
  expect(full.endsWith(delta.slice(delta.indexOf('#EXT-X-PROGRAM-DATE-TIME')))).toBe(true)
  const left = numbers(tags(delta, 'EXTINF')).reduce((sum, seconds) => sum + seconds, 0)
  expect(left).toBeGreaterThanOrEqual(12 - 2)
  const young = await running(9)
  expect(await young.world.text('live.m3u8?_HLS_skip=YES')).toBe(await young.world.text('live.m3u8'))
})

test('[HLS25] a request for the hinted part waits for it; a part nobody hinted at is 404', async () => {
  const { world, playTo } = await running(5)
  const hint = /PRELOAD-HINT:TYPE=PART,URI="([^"]+)"/.exec(await world.text('live.m3u8'))?.[1] ?? ''
  const blocked = world.get(hint)
  await waiting(world, 1)
  playTo(5.6)
  const bytes = Buffer.from(await (await blocked).arrayBuffer())
  expect(bytes.toString('latin1', 4, 8)).toBe('moof')
  for (const other of ['s2.9.m4s', 's3.0.m4s', 's9.m4s', 's2.m4s'])
    expect([other, (await world.get(other)).status]).toEqual([other, 404])
  const last = world.get('s2.6.m4s')
  playTo(5.8)
  world.stream.end()
  expect([200, 404]).toContain((await last).status)
})

test('[HLS26] what never changes may be cached for ever, playlists briefly, refusals not at all', async () => {
  const { world } = await running(9)
  const cache = async (path: string) => (await world.get(path)).headers.get('cache-control')
  const map = /EXT-X-MAP:URI="([^"]+)"/.exec(await world.text('live.m3u8'))?.[1] ?? ''
  for (const path of [map, 's1.m4s', 's1.0.m4s']) expect(await cache(path)).toBe('public, max-age=31536000, immutable')
  expect(await cache('live.m3u8')).toBe('public, max-age=1')
  expect(await cache('index.m3u8')).toBe('public, max-age=1')
  expect(await cache('live.m3u8?_HLS_msn=2')).toBe('public, max-age=12')
  expect(await cache('s77.m4s')).toBe('no-store')
})

test('[HLS27] only reading is allowed, from any page', async () => {
  const { world } = await running(9)
  const head = await world.get('s1.m4s', { method: 'HEAD' })
  const whole = await world.get('s1.m4s')
  expect(head.headers.get('content-length')).toBe(whole.headers.get('content-length'))
  expect((await head.arrayBuffer()).byteLength).toBe(0)
  expect(whole.headers.get('content-type')).toBe('video/mp4')
  expect((await world.get('live.m3u8')).headers.get('content-type')).toBe('application/vnd.apple.mpegurl')
  expect((await world.get('live.m3u8', { method: 'POST' })).status).toBe(405)
  const preflight = await world.get('s1.m4s', { method: 'OPTIONS' })
  expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, '*'])
  expect(whole.headers.get('access-control-allow-origin')).toBe('*')
})

test('[HLS27] one byte range is honoured, nonsense is not', async () => {
  const { world } = await running(9)
  const whole = Buffer.from(await (await world.get('s1.m4s')).arrayBuffer())
  const range = async (value: string) => {
    const answer = await world.get('s1.m4s', { headers: { range: value } })
    return { status: answer.status, said: answer.headers.get('content-range'), body: Buffer.from(await answer.arrayBuffer()) }
  }
  expect(await range('bytes=10-19')).toMatchObject({
    status: 206,
    said: `bytes 10-19/${whole.length}`,
    body: whole.subarray(10, 20),
  })
  expect((await range('bytes=-5')).body).toEqual(whole.subarray(-5))
  expect((await range(`bytes=${whole.length}-`)).status).toBe(416)
  expect((await range('bytes=0-1,5-6')).status).toBe(200)
})

test('[HLS27] no path leads out of the show', async () => {
  const { world } = await running(5)
  const port = Number(new URL(world.server.url).port)
  // fetch() would tidy the dots away.
  const raw = (path: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const ask = request({ port, host: '127.0.0.1', path }, (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      })
      ask.on('error', reject).end()
    })
  const show = '/media/live/show'
  expect(await raw(`${show}/live.m3u8`)).toBe(200)
  const outside = [
    `${show}/../show/live.m3u8`,
    `${show}/..%2f..%2fetc%2fpasswd`,
    `${show}/live.m3u8/..`,
    `${show}/`,
    `${show}`,
    '/media/live//live.m3u8',
  ]
  const unknown = ['init-0000000000000000.mp4', 's1.m4s.bak', 's-1.m4s', 's1..m4s', 's1.0.mp4', 'constructor'].map(
    (file) => `${show}/${file}`,
  )
  for (const path of [...outside, ...unknown, '/media/live/nobody/live.m3u8'])
    expect([path, await raw(path)]).toEqual([path, 404])
})

test('[HLS28] a private show needs an unexpired signature of its own on every request, and its playlists pass it on', async () => {
  const { world } = await running(9, { playbackKey: 'secret' })
  const nowS = Math.floor(world.clock.now() / 1000)
  const good = signPlayback('secret', 'show', nowS + 60)
  const bad = [
    null,
    'x',
    signPlayback('other', 'show', nowS + 60),
    signPlayback('secret', 'other', nowS + 60),
    signPlayback('secret', 'show', nowS - 1),
    good.replace(/^\d+/, String(nowS + 600)),
    `${good}A`,
  ]
  for (const file of ['index.m3u8', 'live.m3u8', 's1.m4s', 's1.0.m4s', 'init-0000000000000000.mp4']) {
    for (const token of bad) expect((await world.get(token === null ? file : `${file}?t=${token}`)).status).toBe(403)
  }
  expect(await world.text(`index.m3u8?t=${good}`)).toContain(`live.m3u8?t=${good}`)
  const playlist = await world.text(`live.m3u8?t=${good}`)
  const uris = [...playlist.matchAll(/URI="([^"]+)"/g)]
    .map(([, uri = '']) => uri)
    .concat(playlist.split('\n').filter((line) => /^s\d/.test(line)))
  expect(uris.length).toBeGreaterThan(20)
  for (const uri of uris) expect(uri.endsWith(`?t=${good}`)).toBe(true)
  for (const uri of uris.filter((one) => !playlist.includes(`HINT:TYPE=PART,URI="${one}"`)))
    expect((await world.get(uri)).status).toBe(200)
  expect((await world.get(`live.m3u8?t=${good}`)).headers.get('cache-control')).toBe('private, max-age=1')
  world.show.setPlaybackKey(null)
  expect((await world.get('live.m3u8')).status).toBe(200)
})

test('[HLS29] the first playlist waits for the first whole segment, but not for ever', async () => {
  const { world, playTo } = await running(1)
  const index = world.get('index.m3u8')
  const media = world.text('live.m3u8')
  await waiting(world, 2)
  playTo(2.2)
  expect((await index).status).toBe(200)
  expect(tags(await media, 'EXTINF')).toHaveLength(1)
  const silent = await liveWorld()
  worlds.push(silent)
  const never = silent.get('index.m3u8')
  await waiting(silent, 1)
  silent.clock.advance(8_100)
  expect((await never).status).toBe(503)
})

test('[HLS14] [HLS15] the window slides: numbers grow, what left stays fetchable for a while, memory stays bounded', async () => {
  const { world, playTo } = await running(2.2, { limits: { windowMs: 10_000 } })
  let before = 0
  let most = 0
  for (let at = 3; at <= 60; at += 1) {
    playTo(at)
    const playlist = await world.text('live.m3u8')
    const sequence = Number(tags(playlist, 'EXT-X-MEDIA-SEQUENCE')[0])
    expect(sequence - before).toBeLessThanOrEqual(1)
    expect(sequence).toBeGreaterThanOrEqual(before)
    expect(playlist).toContain(`\ns${sequence}.m4s`)
    if (sequence > 0) expect((await world.get(`s${sequence - 1}.m4s`)).status).toBe(200)
    before = sequence
    most = Math.max(most, world.show.bytes)
  }
  expect(before).toBeGreaterThan(20)
  expect((await world.get('s0.m4s')).status).toBe(404)
  expect(most).toBeLessThan(600_000)
})

test('[HLS13] the discontinuity sequence grows only when the tag itself leaves', async () => {
  const { world, sink, playTo } = await running(5, { limits: { windowMs: 10_000 } })
  sink.discontinuity()
  const seen: string[] = []
  for (let at = 6; at < 30; at += 1) {
    playTo(at)
    const playlist = await world.text('live.m3u8')
    seen.push(`${tags(playlist, 'EXT-X-DISCONTINUITY-SEQUENCE')[0]} before ${tags(playlist, 'EXT-X-DISCONTINUITY').length}`)
  }
  expect([...new Set(seen)]).toEqual(['0 before 0', '0 before 1', '1 before 0'])
})

test('[HLS15] a show too heavy for its memory is refused, not kept', async () => {
  const { world, playTo } = await running(5, { limits: { maxBytes: 2_000_000 } }, 30_000)
  playTo(14)
  await Promise.resolve()
  expect(world.refusals.map(({ code }) => code)).toEqual(['bitrate_too_high'])
  playTo(60)
  expect(world.show.bytes).toBeLessThan(9_000_000)
})

test('playlists are packed for those who ask', async () => {
  const { world } = await running(20)
  const response = await fetch(`${world.server.url}show/live.m3u8`, { headers: { 'accept-encoding': 'gzip' } })
  expect(response.headers.get('content-encoding')).toBe('gzip')
  expect(response.headers.get('vary')).toBe('Accept-Encoding')
  const plain = await fetch(`${world.server.url}show/live.m3u8`, { headers: { 'accept-encoding': 'identity' } })
  expect(await response.text()).toBe(await plain.text())
})

test('an ended show lingers, then is forgotten; marks tell where each part and segment lies', async () => {
  const { world } = await running(9)
  world.stream.end()
  expect((await world.get('live.m3u8')).status).toBe(200)
  for (const [i, mark] of world.segmentMarks.entries()) {
    expect(mark).toMatchObject({ streamId: 'show', sequence: i, durationMs: expect.any(Number), bytes: expect.any(Number) })
    expect(mark.mediaMs).toBeCloseTo(i * 2000, -1)
    expect(mark.programAt - (world.segmentMarks[0]?.programAt ?? 0)).toBeCloseTo(i * 2000, -1)
  }
  expect(world.partMarks.filter(({ sequence }) => sequence === 1).map(({ part }) => part)).toEqual([0, 1, 2, 3, 4, 5, 6])
  world.clock.advance(61_000)
  expect((await world.get('live.m3u8')).status).toBe(404)
})
