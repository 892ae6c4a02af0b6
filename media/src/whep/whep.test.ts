import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { toolPath } from '../../../scripts/needs.ts'
import type { Clock } from '../clock.ts'
import { systemClock } from '../clock.ts'
import { signPlayback } from '../hls/signature.ts'
import { silentLog } from '../log.ts'
import type { Stream } from '../stream.ts'
import { openStream } from '../stream.ts'
import { launchBrowser } from '../testing/browser.ts'
import type { Clip } from '../testing/clip.ts'
import { makeClip, shifted } from '../testing/clip.ts'
import type { FakeClock } from '../testing/fake-clock.ts'
import { fakeClock } from '../testing/fake-clock.ts'
import { AAC, OPUS, SMALL, synthetic } from '../testing/synthetic.ts'
import { Whep } from './whep.ts'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

interface Door {
  readonly url: string
  readonly whep: Whep
  readonly stream: Stream
  readonly asked: () => number
  post(query?: string, offer?: string): Promise<Response>
}

/** What Chromium offers to receive, without its codecs of no interest here. */
const offer = (audio = true): string =>
  [
    'v=0',
    'o=- 1 2 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    `a=group:BUNDLE 0${audio ? ' 1' : ''}`,
    ...['video', ...(audio ? ['audio'] : [])].flatMap((kind, mid) => [
      `m=${kind} 9 UDP/TLS/RTP/SAVPF ${kind === 'video' ? 103 : 111}`,
      'c=IN IP4 0.0.0.0',
      'a=ice-ufrag:abcd',
      'a=ice-pwd:0123456789012345678901',
      `a=fingerprint:sha-256 ${Array.from({ length: 32 }, () => 'AB').join(':')}`,
      'a=setup:actpass',
      `a=mid:${mid}`,
      'a=recvonly',
      'a=rtcp-mux',
      ...(kind === 'video'
        ? [
            'a=rtpmap:103 H264/90000',
            'a=fmtp:103 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f',
            'a=rtcp-fb:103 nack pli',
          ]
        : ['a=rtpmap:111 opus/48000/2']),
    ]),
    '',
  ].join('\r\n')

async function openDoor(clock: Clock, options: { maxViewers?: number; playbackKey?: string; page?: string } = {}): Promise<Door> {
  const whep = new Whep({
    clock,
    log: silentLog,
    webrtc: { announcedIps: ['127.0.0.1'], portRange: null },
    maxViewers: options.maxViewers ?? 50,
  })
  const stream = openStream({ id: 'show', clock })
  whep.serve(stream, options.playbackKey ?? null)
  const server = createServer((request, response) => {
    if (request.url === '/')
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><video muted playsinline></video>')
    else void whep.handle(request, response, (request.url ?? '').slice('/whep'.length))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(async () => {
    whep.stop()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  let asked = 0
  const attach = stream.attach.bind(stream)
  const counting: Stream = {
    ...stream,
    attach: () =>
      attach({
        requestKeyframe: () => {
          asked += 1
        },
      }),
  }
  const post = (query = '', sdp = offer()) =>
    fetch(`${url}/whep/show${query}`, { method: 'POST', headers: { 'content-type': 'application/sdp' }, body: sdp })
  return { url, whep, stream: counting, asked: () => asked, post }
}

async function onAir(clock: FakeClock, options: Parameters<typeof openDoor>[1] = {}): Promise<Door> {
  const door = await openDoor(clock, options)
  const sink = door.stream.attach()
  sink.configure(SMALL)
  sink.configure(OPUS)
  for (const sample of synthetic({ seconds: 1, audio: OPUS })) sink.sample(sample)
  return door
}

test('[WHEP3] seats are counted from the offer on, given back by DELETE, and by who never connects', async () => {
  const clock = fakeClock()
  const door = await onAir(clock, { maxViewers: 2 })
  const [first, second, third] = [await door.post(), await door.post(), await door.post()]
  expect([first.status, second.status, third.status]).toEqual([201, 201, 503])
  expect(third.headers.get('retry-after')).toBe('10')
  expect(await third.json()).toMatchObject({ code: 'no_seat' })
  const sdp = await first.text()
  expect(sdp).toContain('a=sendonly')
  expect(sdp).toMatch(/^a=ice-lite/m)
  const resource = new URL(first.headers.get('location') ?? '', `${door.url}/whep/show`).href
  expect((await fetch(resource, { method: 'DELETE' })).status).toBe(200)
  expect((await fetch(resource, { method: 'DELETE' })).status).toBe(404)
  expect((await door.post()).status).toBe(201)
  clock.advance(11_000)
  expect(door.whep.size).toBe(0)
  expect((await door.post()).status).toBe(201)
})

test('[WHEP4] [WHEP5] shows that RTP cannot carry, offers that make no sense and strangers to a private show are refused', async () => {
  const clock = fakeClock()
  const door = await openDoor(clock, { playbackKey: 'key' })
  expect((await door.post()).status).toBe(403)
  const token = `?t=${signPlayback('key', 'show', clock.now() / 1000 + 60)}`
  expect(await (await door.post(token)).json()).toMatchObject({ code: 'no_picture' })
  const sink = door.stream.attach()
  sink.configure(SMALL)
  sink.configure(AAC)
  const refused = await door.post(token)
  expect([refused.status, (await refused.json()).code]).toEqual([409, 'audio_unsupported'])
  expect((await door.post(token, offer(false))).status).toBe(201)
  expect((await door.post(token, 'v=0')).status).toBe(400)
  expect((await door.post(token, offer().replaceAll('recvonly', 'sendonly'))).status).toBe(422)
  expect((await door.post(token, offer().replaceAll('H264', 'VP8'))).status).toBe(422)
  expect((await door.post(token, 'x'.repeat(70_000))).status).toBe(413)
  expect(
    (await fetch(`${door.url}/whep/other`, { method: 'POST', headers: { 'content-type': 'application/sdp' }, body: '' })).status,
  ).toBe(404)
  expect((await fetch(`${door.url}/whep/show`)).status).toBe(405)
  expect((await fetch(`${door.url}/whep/show`, { method: 'OPTIONS' })).headers.get('access-control-allow-methods')).toContain(
    'DELETE',
  )
})

test('[WHEP7] the end of a show takes its viewers and its door away', async () => {
  const door = await onAir(fakeClock())
  await door.post()
  expect(door.whep.size).toBe(1)
  door.stream.end()
  expect((await door.post()).status).toBe(404)
})

const canWatch = toolPath('chromium') !== null && toolPath('ffmpeg') !== null
let browser: Browser | undefined
beforeAll(async () => {
  if (canWatch) browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
})

interface Seen {
  readonly frames: number
  readonly firstMs: number
  readonly delays: number[]
  readonly audio: number
}

/** A viewer by hand-written WHEP; how far each frame's own stamp is behind the clock. */
async function watch(page: Page, frames: number): Promise<Seen & { location: string }> {
  return await page.evaluate(async (wanted) => {
    const began = performance.now()
    const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' })
    Object.assign(window, { pc })
    for (const kind of ['video', 'audio']) pc.addTransceiver(kind, { direction: 'recvonly' })
    await pc.setLocalDescription(await pc.createOffer())
    const answer = await fetch('/whep/show', {
      method: 'POST',
      headers: { 'content-type': 'application/sdp' },
      body: pc.localDescription?.sdp ?? '',
    })
    const media = new MediaStream()
    pc.addEventListener('track', ({ track }) => media.addTrack(track))
    await pc.setRemoteDescription({ type: 'answer', sdp: await answer.text() })
    const video = document.querySelector('video') as HTMLVideoElement
    video.srcObject = media
    void video.play()
    const delays: number[] = []
    let firstMs = 0
    await new Promise<void>((resolve) => {
      const next = () =>
        video.requestVideoFrameCallback((_, frame) => {
          firstMs ||= performance.now() - began
          const span = 2 ** 32 / 90
          const now = Date.now()
          const behind = (((now - (frame.rtpTimestamp ?? 0) / 90) % span) + span) % span
          delays.push(behind)
          if (delays.length >= wanted) resolve()
          else next()
        })
      next()
    })
    let audio = 0
    for (const [, stats] of await pc.getStats())
      if (stats.type === 'inbound-rtp' && stats.kind === 'audio') audio = stats.packetsReceived
    return {
      frames: delays.length,
      firstMs,
      delays,
      audio,
      location: new URL(answer.headers.get('location') ?? '', answer.url).href,
    }
  }, frames)
}

/** The clip again and again in real time, with a keyframe at each start. */
function loop(clip: Clip, stream: Stream): () => void {
  const sink = stream.attach()
  for (const config of clip.configs) sink.configure(config)
  const lengthUs = 2_000_000
  const began = performance.now()
  let round = 0
  let samples = clip.samples.filter(({ dtsUs }) => dtsUs < lengthUs)
  const all = samples
  return systemClock.every(5, () => {
    const nowUs = (performance.now() - began) * 1000
    for (;;) {
      const [sample] = samples
      if (sample === undefined) {
        round += 1
        samples = shifted(all, round * lengthUs)
      } else if (sample.dtsUs <= nowUs) {
        sink.sample(sample)
        samples = samples.slice(1)
      } else return
    }
  })
}

test.skipIf(!canWatch)(
  '[WHEP1] [WHEP2] a browser sees and hears within a second, and each frame tells its program date-time',
  async () => {
    const door = await openDoor(systemClock)
    closers.push(loop(makeClip({ seconds: 2, gopSeconds: 0.5, audio: 'opus' }), door.stream))
    const page = await (browser as Browser).newPage()
    closers.push(() => page.close())
    await page.goto(door.url)
    const seen = await watch(page, 60)
    expect(seen.frames).toBe(60)
    expect(door.asked()).toBeGreaterThan(0)
    // The stamp of a frame is when it was shown to the camera: what is behind it is our delay, far from the hours of a wrong map.
    const delays = seen.delays.toSorted((a, b) => a - b)
    expect(delays[30]).toBeLessThan(1_000)
    expect(seen.audio).toBeGreaterThan(20)
    console.log(
      `first picture ${Math.round(seen.firstMs)} ms, behind p50 ${Math.round(delays[30] ?? 0)} ms, p95 ${Math.round(delays[57] ?? 0)} ms`,
    )
    expect(door.whep.size).toBe(1)
    expect(await page.evaluate((url) => fetch(url, { method: 'DELETE' }).then(({ status }) => status), seen.location)).toBe(200)
    expect(door.whep.size).toBe(0)
  },
)

test.skipIf(!canWatch)('[WHEP3] a viewer that vanishes without a word loses the seat', async () => {
  let jumpMs = 0
  const door = await openDoor({ ...systemClock, monotonic: () => systemClock.monotonic() + jumpMs })
  closers.push(loop(makeClip({ seconds: 2, gopSeconds: 0.5, audio: 'opus' }), door.stream))
  const page = await (browser as Browser).newPage()
  await page.goto(door.url)
  await watch(page, 5)
  await page.close()
  await new Promise((resolve) => setTimeout(resolve, 300))
  jumpMs = 13_000
  const until = performance.now() + 10_000
  while (door.whep.size > 0 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 50))
  expect(door.whep.size).toBe(0)
})
