import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toolPath } from '../../../scripts/needs.ts'
import type { openPlayer, Player, PlayerOptions } from './player.ts'

const chromiumPath = toolPath('chromium')
const tools = Boolean(chromiumPath && toolPath('ffmpeg'))
const picture = '-f lavfi -i testsrc2=size=320x180:rate=25 -f lavfi -i sine=frequency=440'
const codecs = '-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 25 -keyint_min 25 -sc_threshold 0 -c:a aac -b:a 64k'

const html = `<!doctype html><title>player</title><video></video><script type="module">
import { openPlayer } from '/js/player.js'; window.openPlayer = openPlayer</script>`

let folder = ''
let server: Server
let browser: Browser
let live: ChildProcess
let base = ''
/** While true the server drops every connection, as a tunnel does. */
let dark = false

declare global {
  interface Window {
    player: Player
    openPlayer: typeof openPlayer
    states: string[]
  }
}

beforeAll(async () => {
  if (!tools) return
  folder = mkdtempSync(join(tmpdir(), 'efir-player-'))
  for (const name of ['live', 'vod']) mkdirSync(join(folder, name))
  const segments = '-f hls -hls_time 1 -hls_segment_type fmp4'
  execFileSync(
    'ffmpeg',
    `-v error -nostdin ${picture} -t 6 ${codecs} ${segments} -hls_playlist_type vod -hls_flags program_date_time vod.m3u8`.split(
      ' ',
    ),
    { cwd: join(folder, 'vod') },
  )
  live = spawn(
    'ffmpeg',
    `-v error -nostdin -re ${picture} ${codecs} ${segments} -hls_list_size 6 -hls_flags program_date_time+delete_segments live.m3u8`.split(
      ' ',
    ),
    {
      cwd: join(folder, 'live'),
    },
  )
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: join(folder, 'js'),
      lib: { entry: join(import.meta.dirname, 'player.ts'), formats: ['es'], fileName: () => 'player.js' },
    },
  })
  server = createServer((req, res) => {
    const path = (req.url ?? '/').split('?')[0] ?? '/'
    if (dark) return void req.socket.destroy()
    if (path === '/') return void res.writeHead(200, { 'content-type': 'text/html' }).end(html)
    try {
      const type = path.endsWith('.js')
        ? 'text/javascript'
        : path.endsWith('.m3u8')
          ? 'application/vnd.apple.mpegurl'
          : 'video/mp4'
      const body = readFileSync(join(folder, path))
      res.writeHead(200, { 'content-type': type, 'cache-control': 'no-store' }).end(body)
    } catch {
      res.writeHead(404).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  browser = await chromium.launch({
    executablePath: chromiumPath ?? '',
    args: [
      '--headless=new',
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
    ],
  })
})

afterAll(async () => {
  if (!tools) return
  await browser.close()
  live.kill('SIGKILL')
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  rmSync(folder, { recursive: true, force: true })
})

/** A page with our player on its video element, built as it is shipped. */
async function open(url: string, options: Partial<PlayerOptions> = {}, prepare?: string): Promise<Page> {
  const page = await browser.newPage()
  await page.goto(base)
  await page.waitForFunction(() => window.openPlayer !== undefined)
  if (prepare) await page.evaluate(prepare)
  await page.evaluate(
    ({ url, options }) => {
      window.states = []
      window.player = window.openPlayer(document.querySelector('video') as HTMLVideoElement, {
        live: true,
        ...options,
        url,
        onState: (one) => window.states.push(one.state),
      })
    },
    { url: base + url, options },
  )
  return page
}
const reaches = (page: Page, state: string) =>
  page.waitForFunction((wanted) => window.player.snapshot.state === wanted, state, { timeout: 30_000 })

test.skipIf(!tools)('a live stream plays muted, says which moment is on the screen, and takes sound from a tap', async () => {
  const page = await open('/live/live.m3u8')
  await reaches(page, 'playing')
  await page.waitForFunction(() => window.player.droppedFrames().shown > 20)
  const seen = await page.evaluate(() => {
    const { player } = window
    return {
      snapshot: player.snapshot,
      behindMs: player.behindMs(Date.now()),
      edge: player.liveEdge(),
      picture: player.pictureTime(),
    }
  })
  expect(seen.snapshot).toMatchObject({ muted: true, engine: 'hls.js', reason: null })
  expect(seen.behindMs).toBeGreaterThan(0)
  expect(seen.behindMs).toBeLessThan(12_000)
  expect(Math.abs((seen.edge ?? 0) - (seen.picture ?? 0))).toBeLessThan(8_000)
  await page.click('video')
  await page.evaluate(() => window.player.unmute())
  await page.waitForFunction(() => !window.player.snapshot.muted && window.player.snapshot.state === 'playing')
  await page.close()
})

test.skipIf(!tools)('a network that goes away stalls the picture, and it comes back by itself near live', async () => {
  const page = await open('/live/live.m3u8')
  await reaches(page, 'playing')
  dark = true
  await reaches(page, 'stalled')
  dark = false
  await reaches(page, 'playing')
  const behindMs = await page.evaluate(() => window.player.behindMs(Date.now()))
  expect(behindMs).toBeLessThan(20_000)
  await page.close()
})

test.skipIf(!tools)('a recording jumps to a moment by its date, and says when it has ended', async () => {
  const page = await open('/vod/vod.m3u8', { live: false })
  await reaches(page, 'playing')
  const [start, landed] = await page.evaluate(async () => {
    const video = document.querySelector('video') as HTMLVideoElement
    const start = (window.player.pictureTime() ?? 0) - video.currentTime * 1000
    if (!window.player.jumpTo(start + 4_200)) throw new Error('cannot jump')
    await new Promise((resolve) => video.addEventListener('seeked', resolve, { once: true }))
    return [start, video.currentTime]
  })
  expect(start).toBeGreaterThan(1_600_000_000_000)
  expect(landed).toBeGreaterThan(4.1)
  expect(landed).toBeLessThan(4.5)
  expect(await page.evaluate((at) => window.player.jumpTo(at), start - 3_600_000)).toBe(false)
  await reaches(page, 'ended')
  await page.close()
})

test.skipIf(!tools)('a stream that is not there fails after a while, with a way out that works', async () => {
  const page = await open('/later/live.m3u8', { giveUpAfterMs: 1_000 })
  await reaches(page, 'failed')
  await page.evaluate(() => {
    window.states.length = 0
    window.player.retry()
  })
  await page.waitForFunction(() => window.states.includes('connecting'))
  await page.evaluate(() => window.player.close())
  await page.close()
})

test.skipIf(!tools)('where the browser refuses to start, one tap starts it', async () => {
  const refuse = `const real = HTMLMediaElement.prototype.play; let tapped = false
    HTMLMediaElement.prototype.play = function () { return tapped ? real.call(this) : Promise.reject(new DOMException('tap', 'NotAllowedError')) }
    addEventListener('click', () => { tapped = true })`
  const page = await open('/live/live.m3u8', {}, refuse)
  await reaches(page, 'blocked')
  await page.click('video')
  await page.evaluate(() => window.player.unmute())
  await reaches(page, 'playing')
  await page.close()
})
