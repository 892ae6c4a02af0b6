import { type ChildProcess, spawn } from 'node:child_process'
import type { Page } from 'playwright-core'
import { toolPath } from '../../scripts/needs.ts'

/**
 * A clock burned into the picture: the publisher's wall time, in milliseconds, as 40 bits and an 8-bit check, in two rows of
 * 24 cells along the top. Read back from the viewer's screen, the difference to the wall clock is the true glass-to-glass time.
 */
export const columns = 24
export const rows = 2
export const picture = { width: 640, height: 360, fps: 25, cell: 26, rowHeight: 36 } as const

export function bitsOf(ms: number): boolean[] {
  const value = BigInt(Math.round(ms)) & 0xff_ffff_ffffn
  const bits = Array.from({ length: 40 }, (_, i) => ((value >> BigInt(39 - i)) & 1n) === 1n)
  const check = checkOf(value)
  return [...bits, ...Array.from({ length: 8 }, (_, i) => ((check >> (7 - i)) & 1) === 1)]
}
const checkOf = (value: bigint): number => {
  let sum = 0xa5
  for (let v = value; v > 0n; v >>= 8n) sum = (sum * 31 + Number(v & 0xffn)) & 0xff
  return sum
}

/** One grey frame with the clock; the rest drifts so that the encoder has something to do. */
export function frameAt(ms: number): Buffer {
  const { width, height, cell, rowHeight } = picture
  const frame = Buffer.alloc(width * height, 110)
  const shift = Math.floor(ms / 40) % width
  for (let y = rowHeight * rows; y < height; y++)
    frame.fill(90 + ((y * 3 + shift) % 80), y * width + shift, y * width + Math.min(width, shift + 60))
  bitsOf(ms).forEach((bit, index) => {
    const x = (index % columns) * cell
    const y = Math.floor(index / columns) * rowHeight
    for (let line = y; line < y + rowHeight; line++) frame.fill(bit ? 235 : 16, line * width + x, line * width + x + cell)
  })
  return frame
}

/** ffmpeg as a camera with that clock, over RTMP, with sound. */
export function publishClock(url: string, extra: readonly string[] = []): { stop(): Promise<void>; child: ChildProcess } {
  const { width, height, fps } = picture
  const child = spawn(
    toolPath('ffmpeg') ?? 'ffmpeg',
    // biome-ignore format: one option after the other
    ['-v', 'error', '-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${width}x${height}`, '-framerate', String(fps), '-use_wallclock_as_timestamps', '1', '-i', 'pipe:0',
      '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000', '-fps_mode', 'vfr', '-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-bf', '0', '-g', '50', '-pix_fmt', 'yuv420p',
      '-b:v', '800k', '-c:a', 'aac', '-b:a', '64k', ...extra, '-f', 'flv', url],
    { stdio: ['pipe', 'ignore', 'inherit'] },
  )
  child.stdin?.on('error', () => undefined)
  const timer = setInterval(() => child.stdin?.write(frameAt(Date.now())), 1000 / fps)
  return {
    child,
    async stop() {
      clearInterval(timer)
      if (child.exitCode !== null) return
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.stdin?.end()
      child.kill('SIGTERM')
      await gone
    },
  }
}

export interface Reading {
  /** When the frame was on the screen, epoch ms. */
  readonly seenAt: number
  /** The clock in it. */
  readonly shownAt: number
}

/** Teaches the page to read the clock in its video: `window.clockOf()`, null where the picture has none. */
export async function learnClock(page: Page): Promise<void> {
  await page.evaluate(
    ({ columns, rows, picture }) => {
      const canvas = new OffscreenCanvas(columns, rows)
      const context = canvas.getContext('2d', { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D
      context.imageSmoothingEnabled = false
      const clockOf = (): number | null => {
        const video = document.querySelector('video')
        if (!video?.videoWidth) return null
        const scaleX = video.videoWidth / picture.width
        const scaleY = video.videoHeight / picture.height
        for (let row = 0; row < rows; row++) {
          for (let column = 0; column < columns; column++) {
            const x = (column + 0.35) * picture.cell * scaleX
            const y = (row + 0.35) * picture.rowHeight * scaleY
            context.drawImage(video, x, y, picture.cell * 0.3 * scaleX, picture.rowHeight * 0.3 * scaleY, column, row, 1, 1)
          }
        }
        const { data } = context.getImageData(0, 0, columns, rows)
        const bits = Array.from({ length: columns * rows }, (_, i) => ((data[i * 4 + 1] as number) > 125 ? 1 : 0))
        let value = 0n
        for (const bit of bits.slice(0, 40)) value = (value << 1n) | BigInt(bit)
        let check = 0
        for (const bit of bits.slice(40)) check = (check << 1) | bit
        let sum = 0xa5
        for (let v = value; v > 0n; v >>= 8n) sum = (sum * 31 + Number(v & 0xffn)) & 0xff
        return sum === check ? Number((BigInt(Date.now()) & ~0xff_ffff_ffffn) | value) : null
      }
      Object.assign(window, { clockOf })
    },
    { columns, rows, picture },
  )
}

/** Reads every presented frame of the page's video for a while. */
export async function readClock(page: Page, forMs: number): Promise<Reading[]> {
  await learnClock(page)
  return await page.evaluate(async (durationMs) => {
    const { clockOf } = window as unknown as { clockOf(): number | null }
    const video = document.querySelector('video') as HTMLVideoElement
    const readings: { seenAt: number; shownAt: number }[] = []
    const end = performance.now() + durationMs
    await new Promise<void>((resolve) => {
      const step = () => {
        const shownAt = clockOf()
        if (shownAt !== null) readings.push({ seenAt: Date.now(), shownAt })
        if (performance.now() < end) video.requestVideoFrameCallback(step)
        else resolve()
      }
      video.requestVideoFrameCallback(step)
      setTimeout(resolve, durationMs + 3000)
    })
    return readings
  }, forMs)
}

/** From now on the page notes what its picture shows when something first matches the selector. */
export async function noteClockAt(page: Page, selector: string): Promise<void> {
  await learnClock(page)
  await page.evaluate((selector) => {
    const { clockOf } = window as unknown as { clockOf(): number | null }
    const noted: { shownAt: number | null } = { shownAt: null }
    Object.assign(window, { noted })
    const watcher = new MutationObserver(() => {
      if (noted.shownAt !== null || !document.querySelector(selector)) return
      noted.shownAt = clockOf()
      if (noted.shownAt !== null) watcher.disconnect()
    })
    watcher.observe(document, { subtree: true, childList: true, attributes: true })
  }, selector)
}

/** What the picture showed when it did. */
export async function notedClock(page: Page, withinMs = 30_000): Promise<number> {
  const handle = await page.waitForFunction(
    () => (window as unknown as { noted: { shownAt: number | null } }).noted.shownAt,
    undefined,
    { timeout: withinMs },
  )
  return (await handle.jsonValue()) as number
}

/**
 * In a page: a canvas with the clock, published by WHIP with a tone. Answers when the offer was accepted, with the port that media
 * named; packets go to `relayPort` instead when it is given.
 */
export async function whipClock(page: Page, address: { url: string; token: string; relayPort?: number }): Promise<number> {
  return await page.evaluate(
    async ({ url, token, relayPort, columns, rows, picture }) => {
      const canvas = document.createElement('canvas')
      canvas.width = picture.width
      canvas.height = picture.height
      const context = canvas.getContext('2d') as CanvasRenderingContext2D
      const draw = () => {
        const ms = Date.now()
        const value = BigInt(ms) & 0xff_ffff_ffffn
        let sum = 0xa5
        for (let v = value; v > 0n; v >>= 8n) sum = (sum * 31 + Number(v & 0xffn)) & 0xff
        context.fillStyle = '#6e6e6e'
        context.fillRect(0, 0, picture.width, picture.height)
        context.fillStyle = '#c33'
        context.fillRect((ms / 8) % picture.width, 200, 60, 60)
        for (let i = 0; i < columns * rows; i++) {
          const bit = i < 40 ? Number((value >> BigInt(39 - i)) & 1n) : (sum >> (47 - i)) & 1
          context.fillStyle = bit ? '#ebebeb' : '#101010'
          context.fillRect(
            (i % columns) * picture.cell,
            Math.floor(i / columns) * picture.rowHeight,
            picture.cell,
            picture.rowHeight,
          )
        }
      }
      setInterval(draw, 1000 / 30)
      const sound = new AudioContext()
      const out = sound.createMediaStreamDestination()
      const tone = sound.createOscillator()
      tone.connect(out)
      tone.start()
      const pc = new RTCPeerConnection()
      const [track] = canvas.captureStream(30).getVideoTracks()
      if (track) track.contentHint = 'detail'
      const sender = pc.addTransceiver(track as MediaStreamTrack, { direction: 'sendonly' })
      const codecs = RTCRtpSender.getCapabilities('video')?.codecs.filter((c) => c.mimeType === 'video/H264') ?? []
      sender.setCodecPreferences(codecs)
      pc.addTransceiver(out.stream.getAudioTracks()[0] as MediaStreamTrack, { direction: 'sendonly' })
      await pc.setLocalDescription()
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/sdp', authorization: `Bearer ${token}` },
        body: pc.localDescription?.sdp,
      })
      if (!answer.ok) throw new Error(`WHIP ${answer.status} ${await answer.text()}`)
      const sdp = await answer.text()
      const port = Number(/a=candidate:\S+ 1 udp \d+ 127\.0\.0\.1 (\d+)/.exec(sdp)?.[1])
      const only = `a=candidate:1 1 udp 2116026367 127.0.0.1 ${relayPort} typ host\r\na=end-of-candidates`
      const relayed = sdp.replace(/a=candidate:.*\r\n/g, '').replace(/a=end-of-candidates/g, only)
      await pc.setRemoteDescription({ type: 'answer', sdp: relayPort === undefined ? sdp : relayed })
      ;(window as unknown as { keep: unknown }).keep = { pc, sound, tone }
      return port
    },
    { ...address, columns, rows, picture },
  )
}
