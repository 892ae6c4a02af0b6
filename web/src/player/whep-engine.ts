/** The picture by WebRTC, a fraction of a second behind the host; only while seconds count, because seats are few. */
import type { Engine } from './engine.ts'
import { frameDate } from './whep-time.ts'

export interface WhepConnection {
  /** Shows its picture in the element; what played there before must have let go of it. */
  show(video: HTMLVideoElement): Engine
  close(): void
}

export interface WhepOptions {
  readonly url: string
  /** The picture has stopped or the connection is gone; not told while connecting, where null is the answer. */
  readonly onBroken: (reason: string) => void
}

const connectMs = 4_000
/** Without a new picture for so long HLS, which has a buffer, serves the viewer better. */
const stillMs = 1_500
const lookEveryMs = 250

/** Null: no seat, no way through, or a show that WebRTC cannot carry. Resolves when pictures are coming. */
export async function connectWhep({ url, onBroken }: WhepOptions): Promise<WhepConnection | null> {
  const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' })
  const media = new MediaStream()
  pc.addEventListener('track', ({ track }) => media.addTrack(track))
  let resource: string | null = null
  let open = true
  const close = () => {
    if (!open) return
    open = false
    pc.close()
    // Gives the seat back at once; when it does not arrive, silence does the same a little later.
    if (resource) void fetch(resource, { method: 'DELETE', keepalive: true }).catch(() => null)
  }
  try {
    for (const kind of ['video', 'audio']) pc.addTransceiver(kind, { direction: 'recvonly' })
    await pc.setLocalDescription(await pc.createOffer())
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/sdp' },
      body: pc.localDescription?.sdp ?? '',
      signal: AbortSignal.timeout(connectMs),
    })
    if (answer.status !== 201) {
      close()
      return null
    }
    resource = new URL(answer.headers.get('location') ?? '', answer.url).href
    const serverAt = Date.parse(answer.headers.get('date') ?? '') || Date.now()
    const askedAt = performance.now()
    await pc.setRemoteDescription({ type: 'answer', sdp: await answer.text() })
    if (!(await pictureComes(media))) {
      close()
      return null
    }
    const now = () => serverAt + performance.now() - askedAt
    return { show: (video) => show(video, { pc, media, now, onBroken, close }), close }
  } catch {
    close()
    return null
  }
}

/** Decodes out of sight until the first frame is there, so that the change of pictures takes no longer than a frame. */
function pictureComes(media: MediaStream): Promise<boolean> {
  const probe = document.createElement('video')
  probe.muted = true
  probe.playsInline = true
  probe.srcObject = media
  return new Promise<boolean>((resolve) => {
    const done = (came: boolean) => {
      clearTimeout(timer)
      probe.srcObject = null
      resolve(came)
    }
    const timer = setTimeout(() => done(false), connectMs)
    if ('requestVideoFrameCallback' in probe) probe.requestVideoFrameCallback(() => done(true))
    else (probe as HTMLVideoElement).addEventListener('timeupdate', () => done(true), { once: true })
    void probe.play().catch(() => done(false))
  })
}

interface Shown {
  readonly pc: RTCPeerConnection
  readonly media: MediaStream
  readonly now: () => number
  readonly onBroken: (reason: string) => void
  readonly close: () => void
}

function show(video: HTMLVideoElement, { pc, media, now, onBroken, close }: Shown): Engine {
  const ended = new AbortController()
  let frame: { date: number; mediaTime: number } | null = null
  let frameAt = performance.now()
  let frames = -1
  const broken = (reason: string) => {
    if (!ended.signal.aborted) onBroken(reason)
  }
  pc.addEventListener(
    'connectionstatechange',
    () => {
      if (pc.connectionState === 'failed' || pc.connectionState === 'disconnected') broken(`whep ${pc.connectionState}`)
    },
    { signal: ended.signal },
  )
  const follow = () =>
    video.requestVideoFrameCallback((_, { rtpTimestamp, mediaTime }) => {
      if (ended.signal.aborted) return
      if (rtpTimestamp !== undefined) frame = { date: frameDate(rtpTimestamp, now()), mediaTime }
      follow()
    })
  if ('requestVideoFrameCallback' in video) follow()
  const look = setInterval(() => {
    const { totalVideoFrames } = video.getVideoPlaybackQuality()
    const moved = totalVideoFrames !== frames
    if (moved || video.paused || document.visibilityState === 'hidden') frameAt = performance.now()
    else if (performance.now() - frameAt > stillMs) broken('whep still')
    frames = totalVideoFrames
  }, lookEveryMs)
  video.srcObject = media
  /** Where a browser does not tell a frame's stamp, the receiver tells that of the newest one. */
  const receiverDate = () => {
    const [source] =
      pc
        .getReceivers()
        .find(({ track }) => track.kind === 'video')
        ?.getSynchronizationSources() ?? []
    return source === undefined ? null : frameDate(source.rtpTimestamp, now())
  }
  return {
    kind: 'whep',
    dateAt: (mediaTime) => (frame === null ? receiverDate() : frame.date + (mediaTime - frame.mediaTime) * 1000),
    positionOf: () => null,
    livePosition: () => null,
    wake: () => undefined,
    stalled: () => undefined,
    calm: () => undefined,
    close() {
      ended.abort()
      clearInterval(look)
      close()
      video.srcObject = null
    },
  }
}
