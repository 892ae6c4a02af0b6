import { type Browser, chromium, type LaunchOptions } from 'playwright-core'
import { toolPath } from '../../scripts/needs.ts'

const quiet = [
  '--headless=new',
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
/** Backgrounded pages keep drawing: several viewers share one browser. */
const awake = [
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
  '--autoplay-policy=no-user-gesture-required',
]
const camera = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
]

export async function openChromium(options: LaunchOptions = {}): Promise<Browser> {
  return await chromium.launch({
    executablePath: toolPath('chromium') ?? 'chromium',
    args: [...quiet, ...awake, ...camera, ...(options.args ?? [])],
    ...options,
    headless: true,
  })
}
