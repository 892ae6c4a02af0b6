import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { toolPath } from '../../../scripts/needs.ts'

export interface PublisherPage {
  readonly page: Page
  close(): Promise<void>
}

const ARGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  // Chromium would name its own addresses by mDNS; in a test nobody answers that.
  '--disable-features=WebRtcHideLocalIpsWithMdns',
]

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: toolPath('chromium') ?? 'chromium', args: ARGS })
}

/** A page on a secure origin (127.0.0.1), which the camera needs. */
export async function openPage(browser: Browser): Promise<PublisherPage> {
  const server = createServer((_, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>publisher</title>'),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  return {
    page,
    async close() {
      await context.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export interface WhipAnswer {
  readonly status: number
  readonly body: string
  readonly location: string | null
  readonly etag: string | null
}

export interface WhipAsk {
  readonly url: string
  readonly token: string
  readonly width?: number
  readonly height?: number
  /** Keeps only this codec in the offer. */
  readonly videoCodec?: string
  /** All candidates of the answer are replaced by this port of 127.0.0.1. */
  readonly relayPort?: number
}

/** Publishes the fake camera by hand-written WHIP, as any browser page would. */
export function publish(page: Page, ask: WhipAsk): Promise<WhipAnswer> {
  return page.evaluate(async ({ url, token, width = 640, height = 360, videoCodec, relayPort }) => {
    const media = await navigator.mediaDevices.getUserMedia({ video: { width, height, frameRate: 30 }, audio: true })
    const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' })
    Object.assign(window, { pc })
    for (const track of media.getTracks()) {
      const transceiver = pc.addTransceiver(track, { direction: 'sendonly', streams: [media] })
      const codecs = RTCRtpSender.getCapabilities(track.kind)?.codecs ?? []
      if (track.kind === 'video' && videoCodec !== undefined)
        transceiver.setCodecPreferences(codecs.filter((codec) => codec.mimeType === videoCodec))
    }
    await pc.setLocalDescription(await pc.createOffer())
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/sdp', authorization: `Bearer ${token}` },
      body: pc.localDescription?.sdp ?? '',
    })
    const body = await response.text()
    const relayed =
      relayPort === undefined
        ? body
        : body
            .replace(/a=candidate:.*\r\n/g, '')
            .replace(
              /a=end-of-candidates/g,
              `a=candidate:1 1 udp 2116026367 127.0.0.1 ${relayPort} typ host\r\na=end-of-candidates`,
            )
    if (response.status === 201) await pc.setRemoteDescription({ type: 'answer', sdp: relayed })
    const location = response.headers.get('location')
    return {
      status: response.status,
      body,
      location: location && new URL(location, url).href,
      etag: response.headers.get('etag'),
    }
  }, ask)
}
