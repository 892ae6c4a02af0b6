import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { toolPath } from '../../../scripts/needs.ts'
import type { Page as ServedPage } from './origin-server.ts'

export interface PlayerFacts {
  readonly currentTime: number
  readonly fatal: readonly string[]
  readonly errors: readonly string[]
  readonly latency: number
  readonly width: number
  readonly frames: number
  readonly stalls: number
  readonly audioBytes: number
  readonly ended: boolean
}

const HTML = `<!doctype html><title>player</title><video id="video" autoplay playsinline width="320"></video>
<script src="/hls.js"></script><script>
const facts = { fatal: [], errors: [], stalls: 0 }
const video = document.getElementById('video')
const policy = { maxTimeToFirstByteMs: 20000, maxLoadTimeMs: 20000, timeoutRetry: { maxNumRetry: 10, retryDelayMs: 0, maxRetryDelayMs: 0 }, errorRetry: { maxNumRetry: 30, retryDelayMs: 300, maxRetryDelayMs: 1000 } }
const hls = new Hls({ lowLatencyMode: true, maxLiveSyncPlaybackRate: 1.1, liveSyncOnStallIncrease: 0, playlistLoadPolicy: { default: policy } })
hls.on(Hls.Events.ERROR, (_, data) => {
  facts.errors.push(data.details + ' ' + (data.error && data.error.message || ''))
  if (data.details === 'bufferStalledError') facts.stalls += 1
  if (data.fatal) facts.fatal.push(data.details)
})
hls.loadSource(new URLSearchParams(location.search).get('source'))
hls.attachMedia(video)
window.facts = () => ({ ...facts, currentTime: video.currentTime, latency: hls.latency, width: video.videoWidth, frames: video.getVideoPlaybackQuality().totalVideoFrames, audioBytes: video.webkitAudioDecodedByteCount, ended: video.ended })
</script>`

export const playerPages = (): ServedPage[] => [
  { path: '/player', type: 'text/html', body: HTML },
  {
    path: '/hls.js',
    type: 'text/javascript',
    body: readFileSync(new URL('../../../node_modules/hls.js/dist/hls.min.js', import.meta.url)),
  },
]

export function launchPlayerBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: toolPath('chromium') ?? 'chromium',
    args: [
      '--headless=new',
      '--no-sandbox',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--autoplay-policy=no-user-gesture-required',
    ],
  })
}

/** hls.js in low latency mode on a page of the same server. */
export async function openPlayer(
  browser: Browser,
  originUrl: string,
  source: string,
): Promise<{ page: Page; facts: () => Promise<PlayerFacts> }> {
  const page = await browser.newPage()
  await page.goto(new URL(`/player?source=${encodeURIComponent(source)}`, originUrl).href)
  return { page, facts: () => page.evaluate(() => (window as unknown as { facts: () => PlayerFacts }).facts()) }
}
