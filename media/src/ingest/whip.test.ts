import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { toolPath } from '../../../scripts/needs.ts'
import type { PublisherPage } from '../testing/browser.ts'
import { launchBrowser, openPage, publish } from '../testing/browser.ts'
import type { IngestWorld } from '../testing/ingest-world.ts'
import { openIngestWorld } from '../testing/ingest-world.ts'
import { openLossyRelay } from '../testing/lossy-relay.ts'
import { seeded } from '../testing/random.ts'
import { until } from '../testing/sink.ts'
import type { WebrtcOptions } from './whip-peer.ts'

const chromium = test.skipIf(!toolPath('chromium'))

let browser: Browser | undefined
let closers: (() => unknown)[] = []
beforeAll(async () => {
  if (toolPath('chromium')) browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
})
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
  closers = []
})

async function world(changes = {}, webrtc: Partial<WebrtcOptions> = {}): Promise<IngestWorld> {
  const opened = await openIngestWorld(changes, webrtc)
  closers.push(() => opened.close())
  return opened
}

async function camera(): Promise<PublisherPage> {
  if (browser === undefined) throw new Error('no browser')
  const opened = await openPage(browser)
  closers.push(() => opened.close())
  return opened
}

const post = (url: string, init: RequestInit = {}) =>
  fetch(url, {
    method: 'POST',
    body: 'v=0',
    ...init,
    headers: { 'content-type': 'application/sdp', authorization: 'Bearer t', ...init.headers },
  })

chromium('[ING14] [ING16] a browser camera goes on air: H264 and Opus, host candidates, keyframes by asking', async () => {
  const { whip, outputs, server, sessions } = await world()
  const { page } = await camera()
  const answer = await publish(page, { url: `${whip}/show`, token: 'tok' })
  expect(answer.status).toBe(201)
  expect(answer.location).toMatch(/\/whip\/show\/[0-9a-f]{32}$/)
  expect(answer.etag).toMatch(/^"\w+"$/)
  expect(answer.body.match(/a=rtpmap:.*/g)?.map((line) => line.replace(/^a=rtpmap:\d+ /, '').trim())).toEqual([
    'opus/48000/2',
    'H264/90000',
    'rtx/90000',
  ])
  expect(answer.body).toMatch(/packetization-mode=1;profile-level-id=42[ce]01f/i)
  expect(answer.body.split('m=')[0]).toContain('a=ice-lite')
  const candidates = answer.body.match(/a=candidate:.*/g) ?? []
  expect(candidates.length).toBeGreaterThan(0)
  expect(candidates.every((line) => line.includes('typ host'))).toBe(true)

  await until(
    'five seconds are in',
    () => (outputs[0]?.of('video').at(-1)?.dtsUs ?? 0) - (outputs[0]?.of('video')[0]?.dtsUs ?? 0) > 5_000_000,
  )
  const output = outputs[0]
  expect(output?.log.slice(0, 2)).toEqual(['video', 'audio'])
  expect(output?.audios[0]).toMatchObject({ codec: 'opus', sampleRate: 48_000, channels: 2 })
  expect(output?.of('video')[0]?.key).toBe(true)
  const keys =
    output
      ?.of('video')
      .filter((sample) => sample.key)
      .map((sample) => sample.dtsUs) ?? []
  expect(Math.max(...keys.slice(1).map((at, i) => at - (keys[i] ?? 0)))).toBeLessThan(2_600_000)
  expect(server.of('started')[0]).toMatchObject({ protocol: 'whip', video: { width: 640, height: 360 } })
  expect(server.admits[0]).toMatchObject({ protocol: 'whip', credential: 'tok', streamHint: 'show' })
  expect(sessions.get('tok')?.stats).toMatchObject({ state: 'live', lossRatio: 0 })

  await page.evaluate((url) => fetch(url ?? '', { method: 'DELETE' }), answer.location)
  await until('the end is told', () => server.of('ended').length === 1)
  expect(server.of('ended')[0]?.cause).toBe('publisher_ended')
})

chromium('[ING24] the browser does not throttle itself on a free line: the camera keeps its size', async () => {
  const { whip, outputs } = await world()
  const { page } = await camera()
  await publish(page, { url: `${whip}/show`, token: 'tok', width: 640, height: 360 })
  await until(
    'eight seconds are in',
    () => (outputs[0]?.of('video').at(-1)?.dtsUs ?? 0) - (outputs[0]?.of('video')[0]?.dtsUs ?? 0) > 8_000_000,
  )
  const available = await page.evaluate(async () => {
    const { pc } = window as unknown as { pc: RTCPeerConnection }
    const stats = [...(await pc.getStats()).values()] as { availableOutgoingBitrate?: number }[]
    return Math.max(...stats.map((each) => each.availableOutgoingBitrate ?? 0))
  })
  expect(available).toBeGreaterThan(500_000)
  expect(outputs[0]?.videos.at(-1)?.width).toBe(640)
})

chromium('[ING13] when the camera changes its resolution the new configuration comes with its keyframe', async () => {
  const { whip, outputs } = await world()
  const { page } = await camera()
  await publish(page, { url: `${whip}/show`, token: 'tok', width: 640, height: 360 })
  await until('pictures come', () => (outputs[0]?.of('video').length ?? 0) > 10)
  await page.evaluate(async () => {
    const { pc } = window as unknown as { pc: RTCPeerConnection }
    const media = await navigator.mediaDevices.getUserMedia({ video: { width: 320, height: 240 } })
    const sender = pc.getSenders().find((each) => each.track?.kind === 'video')
    await sender?.replaceTrack(media.getVideoTracks()[0] ?? null)
  })
  await until('the size has changed', () => outputs[0]?.videos.at(-1)?.width === 320)
  expect(outputs[0]?.log.filter((entry) => entry === 'discontinuity')).toEqual([])
  const count = outputs[0]?.of('video').length ?? 0
  await until('pictures go on', () => (outputs[0]?.of('video').length ?? 0) > count + 10)
})

chromium('[ING14] ports come from the range that was set, and announced addresses stand in the answer', async () => {
  const { whip, outputs } = await world({}, { portRange: [42_000, 42_200], announcedIps: ['203.0.113.7', '127.0.0.1'] })
  const { page } = await camera()
  const { body } = await publish(page, { url: `${whip}/show`, token: 'tok' })
  const candidates = (body.match(/a=candidate:.*/g) ?? []).map((line) => line.split(' '))
  expect(candidates.every((fields) => Number(fields[5]) >= 42_000 && Number(fields[5]) <= 42_200)).toBe(true)
  expect(candidates.some((fields) => fields[4] === '203.0.113.7')).toBe(true)
  await until('pictures come', () => (outputs[0]?.of('video').length ?? 0) > 5)
})

chromium('[ING12] with five packets of a hundred lost the picture goes on, mended by retransmission', async () => {
  const { whip, outputs, sessions } = await world()
  const { page } = await camera()
  const relay = await openLossyRelay(seeded(7))
  closers.push(() => relay.close())
  const answer = await publish(page, { url: `${whip}/show`, token: 'tok', relayPort: relay.port })
  relay.target = Number(/a=candidate:.* 127\.0\.0\.1 (\d+) typ host/.exec(answer.body)?.[1])
  await until('pictures come', () => (outputs[0]?.of('video').length ?? 0) > 10)
  relay.lossRatio = 0.05
  const video = () => outputs[0]?.of('video') ?? []
  const from = video().at(-1)?.dtsUs ?? 0
  await until('eleven seconds of it are in', () => (video().at(-1)?.dtsUs ?? 0) - from > 11_000_000)
  const times = video().map((sample) => sample.dtsUs)
  expect(relay.dropped()).toBeGreaterThan(20)
  expect(Math.max(...times.slice(1).map((at, i) => at - (times[i] ?? 0)))).toBeLessThan(1_000_000)
  // Almost every lost packet of the picture came again; sound is not sent twice.
  expect(sessions.get('tok')?.stats.lossRatio).toBeLessThan(0.05)
})

chromium('[ING2] an offer of VP8 alone gets a reason, and so does the studio', async () => {
  const { whip, server, outputs } = await world()
  const { page } = await camera()
  const answer = await publish(page, { url: `${whip}/show`, token: 'tok', videoCodec: 'video/VP8' })
  expect(answer.status).toBe(422)
  expect(JSON.parse(answer.body)).toMatchObject({ code: 'codec_unsupported', detail: { track: 'video', codec: 'VP8' } })
  await until('it is told', () => server.of('refused').length === 1)
  expect(server.of('refused')[0]).toMatchObject({ streamId: 'tok', protocol: 'whip', code: 'codec_unsupported' })
  expect(outputs).toEqual([])
})

chromium('[ING3] a second browser takes over when it is connected', async () => {
  const { whip, server, outputs } = await world()
  const [first, second] = [await camera(), await camera()]
  await publish(first.page, { url: `${whip}/show`, token: 'tok' })
  await until('pictures come', () => (outputs[0]?.of('video').length ?? 0) > 10)
  await publish(second.page, { url: `${whip}/show`, token: 'tok', width: 320, height: 240 })
  await until('the second one is on air', () => server.of('publisherBack').length === 1)
  expect(server.of('publisherBack')[0]).toMatchObject({ tookOver: true, video: { width: 320 } })
  await first.page.waitForFunction(() =>
    ['closed', 'failed', 'disconnected'].includes((window as unknown as { pc: RTCPeerConnection }).pc.connectionState),
  )
})

chromium('[ING15] ICE is restarted by PATCH and the picture goes on', async () => {
  const { whip, outputs } = await world()
  const { page } = await camera()
  const { location, body } = await publish(page, { url: `${whip}/show`, token: 'tok' })
  await until('pictures come', () => (outputs[0]?.of('video').length ?? 0) > 10)
  const statuses = await page.evaluate(
    async ({ url, answer }) => {
      const { pc } = window as unknown as { pc: RTCPeerConnection }
      const credentials = (text: string) => [/a=ice-ufrag:(.*)/.exec(text)?.[1]?.trim(), /a=ice-pwd:(.*)/.exec(text)?.[1]?.trim()]
      const patch = (match: string | null, text: string) =>
        fetch(url, {
          method: 'PATCH',
          body: text,
          headers: { 'content-type': 'application/trickle-ice-sdpfrag', ...(match === null ? {} : { 'if-match': match }) },
        })
      const fragment = (text: string) => {
        const [ufrag, password] = credentials(text)
        return `a=ice-ufrag:${ufrag}\r\na=ice-pwd:${password}\r\n`
      }
      const before = fragment(pc.localDescription?.sdp ?? '')
      const out = [(await patch(null, before)).status, (await patch('"other"', before)).status, (await patch('*', before)).status]
      pc.restartIce()
      await pc.setLocalDescription(await pc.createOffer())
      const restarted = await patch('*', fragment(pc.localDescription?.sdp ?? ''))
      const [ufrag, password] = credentials(await restarted.text())
      const next = answer
        .replace(/a=ice-ufrag:.*/g, `a=ice-ufrag:${ufrag}\r`)
        .replace(/a=ice-pwd:.*/g, `a=ice-pwd:${password}\r`)
        .replaceAll('\r\r', '\r')
      await pc.setRemoteDescription({ type: 'answer', sdp: next })
      return [...out, restarted.status]
    },
    { url: location ?? '', answer: body },
  )
  expect(statuses).toEqual([428, 412, 204, 200])
  const count = outputs[0]?.of('video').length ?? 0
  await until('pictures go on', () => (outputs[0]?.of('video').length ?? 0) > count + 20)
  expect(outputs[0]?.discontinuities).toBe(0)
})

test('[ING15] methods, types, tokens and lengths are refused as RFC 9725 says, with CORS on everything', async () => {
  const { whip, server } = await world()
  const preflight = await fetch(`${whip}/show`, { method: 'OPTIONS' })
  expect([preflight.status, preflight.headers.get('accept-post'), preflight.headers.get('access-control-allow-origin')]).toEqual([
    204,
    'application/sdp',
    '*',
  ])
  expect((await fetch(`${whip}/show`)).status).toBe(405)
  expect((await post(`${whip}/show`, { headers: { 'content-type': 'text/plain' } })).status).toBe(415)
  const anonymous = await fetch(`${whip}/show`, { method: 'POST', headers: { 'content-type': 'application/sdp' }, body: 'v=0' })
  expect([anonymous.status, anonymous.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
  expect(server.admits).toEqual([])
  expect((await post(`${whip}/show`)).status).toBe(400)
  expect((await post(`${whip}/show`, { body: 'v'.repeat(70_000) })).status).toBe(413)
  expect((await fetch(`${whip}/show/gone`, { method: 'DELETE' })).status).toBe(404)
})

test('[ING1] [ING18] a token that the server does not know is refused and stands in no log', async () => {
  const { whip, server, logLines } = await world()
  server.admit = () => ({ ok: false, code: 'credential_unknown' })
  const answer = await post(`${whip}/show`, { headers: { authorization: 'Bearer very-secret-token' } })
  expect([answer.status, (await answer.json()).code]).toEqual([401, 'credential_unknown'])
  server.admit = () => ({ ok: false, code: 'show_not_open' })
  expect((await post(`${whip}/show`)).status).toBe(403)
  expect(logLines.join('')).not.toContain('very-secret-token')
})

test('[ING19] without room the answer is 503 and when to come back', async () => {
  const { whip, server } = await world({ maxStreams: 0 })
  const answer = await post(`${whip}/show`)
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
  server.admit = () => ({ ok: false, code: 'maintenance', retryAfterS: 30 })
  const roomy = await world()
  roomy.server.admit = server.admit
  const later = await post(`${roomy.whip}/show`)
  expect([later.status, later.headers.get('retry-after')]).toEqual([503, '30'])
})
