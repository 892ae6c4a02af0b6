import { h264Only, resourceOf } from './sdp.ts'
import { type Counters, ratesOf, type SignalFacts } from './signal.ts'

/** What one needs to publish: told by the server for one show and some hours. */
export type Rights =
  | { readonly ok: true; readonly token: string; readonly url: string }
  | { readonly ok: false; readonly code: string }

export type RefusalFacts = Readonly<Record<string, string | number>>

export type SendState =
  | { readonly at: 'off' }
  | { readonly at: 'connecting' }
  | { readonly at: 'sending' }
  /** The way is lost and looked for again. */
  | { readonly at: 'away'; readonly sinceMs: number; readonly attempt: number }
  /** Does not come back by itself. */
  | { readonly at: 'refused'; readonly code: string; readonly detail: RefusalFacts }
  /** Another device of the host took over. */
  | { readonly at: 'replaced' }

/** Why the server ended the connection, as it knows itself. */
export type Elsewhere =
  | { readonly why: 'lost' | 'replaced' | 'over' }
  | { readonly why: 'refused'; readonly code: string; readonly detail: RefusalFacts }

export interface SenderOptions {
  readonly stream: MediaStream
  /** `fresh`: the last ones were not accepted. */
  readonly rights: (fresh: boolean) => Promise<Rights>
  /** Asked when the connection is gone; `resource` is where it was. */
  readonly whyClosed: (resource: string | null) => Promise<Elsewhere>
  readonly onState: (state: SendState) => void
  readonly maxKbps: number
}

const answerMs = 10_000
/** A short dip of the radio is no loss. */
const dipMs = 3_000
const connectMs = 12_000
const pausesMs = [300, 1_000, 2_000, 4_000, 8_000] as const
const ratesOver = 4
const goneCodes = new Set(['stream_key_unknown', 'unauthorized'])

interface Reply {
  readonly status: number
  readonly body: string
  readonly resource: string | null
  readonly retryAfterMs: number | null
}

/** Publishes a camera by WHIP (RFC 9725): offers H264 and Opus, comes back when the way is lost, ends with DELETE. */
export class WhipSender {
  state: SendState = { at: 'off' }
  private readonly options: SenderOptions
  private readonly tracks = new Map<'video' | 'audio', MediaStreamTrack>()
  private pc: RTCPeerConnection | null = null
  private resource: string | null = null
  private token = ''
  private attempt = 0
  private lostAt: number | null = null
  private timers: ReturnType<typeof setTimeout>[] = []
  private counters: Counters[] = []
  private readonly ended = new AbortController()

  constructor(options: SenderOptions) {
    this.options = options
    for (const track of options.stream.getTracks()) this.tracks.set(track.kind as 'video' | 'audio', track)
  }

  start(): void {
    addEventListener('online', () => this.lostAt !== null && this.again(0), { signal: this.ended.signal })
    this.tell({ at: 'connecting' })
    void this.connect(false)
  }

  /** Ends the broadcast of this device: viewers keep the show for its grace. */
  async stop(): Promise<void> {
    this.ended.abort()
    const { resource, token } = this
    this.drop()
    this.tell({ at: 'off' })
    if (!resource) return
    const leave = { method: 'DELETE', headers: { authorization: `Bearer ${token}` }, keepalive: true }
    await fetch(resource, leave).catch(() => undefined)
  }

  /** Another camera or microphone under the running broadcast. */
  async use(track: MediaStreamTrack): Promise<void> {
    const kind = track.kind as 'video' | 'audio'
    this.tracks.set(kind, track)
    const sender = this.pc
      ?.getTransceivers()
      .find((one) => one.sender.track?.kind === kind || one.receiver.track.kind === kind)?.sender
    await sender?.replaceTrack(track)
  }

  async facts(): Promise<SignalFacts | null> {
    const { pc } = this
    if (!pc || this.state.at !== 'sending') return null
    return this.read(await pc.getStats())
  }

  private async connect(fresh: boolean): Promise<void> {
    const rights = await this.options.rights(fresh)
    if (this.ended.signal.aborted) return
    if (!rights.ok) return rights.code === 'network' ? this.away() : this.refuse(rights.code)
    this.token = rights.token
    const pc = this.open()
    if (!pc) return this.refuse('codec_missing_here')
    try {
      await pc.setLocalDescription(await pc.createOffer())
      const reply = await this.offer(rights.url, pc.localDescription?.sdp ?? '')
      if (this.pc !== pc) return
      if (reply.status === 201) {
        this.resource = reply.resource
        await pc.setRemoteDescription({ type: 'answer', sdp: reply.body })
        // Answered, but no way through: a firewall, or a network that changed meanwhile.
        this.later(connectMs, () => pc.connectionState !== 'connected' && this.lost(pc))
      } else this.turnedAway(reply, fresh)
    } catch (problem) {
      if (this.pc !== pc) return
      if (problem instanceof DOMException || problem instanceof TypeError) return this.away()
      throw problem
    }
  }

  private open(): RTCPeerConnection | null {
    this.drop()
    const codecs = h264Only(RTCRtpSender.getCapabilities('video')?.codecs ?? [])
    if (codecs.length === 0) return null
    const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' })
    this.pc = pc
    for (const [kind, track] of this.tracks) {
      const encoding = kind === 'video' ? { maxBitrate: this.options.maxKbps * 1000 } : { maxBitrate: 96_000 }
      const transceiver = pc.addTransceiver(track, {
        direction: 'sendonly',
        streams: [this.options.stream],
        sendEncodings: [encoding],
      })
      if (kind !== 'video') continue
      transceiver.setCodecPreferences(codecs)
      // Letters on a label stay readable; rather fewer frames than fewer lines.
      const parameters = transceiver.sender.getParameters() as RTCRtpSendParameters & { degradationPreference?: string }
      parameters.degradationPreference = 'maintain-resolution'
      transceiver.sender.setParameters(parameters).catch(() => undefined)
    }
    pc.addEventListener('connectionstatechange', () => this.moved(pc))
    return pc
  }

  private async offer(url: string, sdp: string): Promise<Reply> {
    const asked = new URL(url, location.href).href
    const signal = AbortSignal.any([AbortSignal.timeout(answerMs), this.ended.signal])
    const headers = { 'content-type': 'application/sdp', authorization: `Bearer ${this.token}` }
    const response = await fetch(asked, { method: 'POST', headers, body: sdp, signal })
    const after = Number(response.headers.get('retry-after'))
    return {
      status: response.status,
      body: await response.text(),
      resource: resourceOf(asked, response.headers.get('location')),
      retryAfterMs: after > 0 ? Math.min(after, 30) * 1000 : null,
    }
  }

  private turnedAway(reply: Reply, fresh: boolean): void {
    const { code, detail } = refusalIn(reply.body)
    this.drop()
    // The token ran out or was taken back: once more with a new one.
    if (reply.status === 401 && !fresh && goneCodes.has(code)) return void this.connect(true)
    if (reply.status >= 500 || reply.status === 429) this.away(reply.retryAfterMs)
    else this.refuse(code, detail)
  }

  private moved(pc: RTCPeerConnection): void {
    if (this.pc !== pc) return
    if (pc.connectionState === 'connected') {
      this.attempt = 0
      this.lostAt = null
      this.tell({ at: 'sending' })
    } else if (pc.connectionState === 'disconnected') this.later(dipMs, () => pc.connectionState !== 'connected' && this.lost(pc))
    else if (pc.connectionState === 'failed' || pc.connectionState === 'closed') this.lost(pc)
  }

  private lost(pc: RTCPeerConnection): void {
    if (this.pc !== pc) return
    this.lostAt ??= performance.now()
    const { resource } = this
    this.drop()
    this.tell({ at: 'away', sinceMs: this.lostAt, attempt: this.attempt })
    void this.options.whyClosed(resource).then((answer) => {
      if (this.ended.signal.aborted || this.pc) return
      if (answer.why === 'replaced') this.finish({ at: 'replaced' })
      else if (answer.why === 'over') this.finish({ at: 'off' })
      else if (answer.why === 'refused') this.refuse(answer.code, answer.detail)
      else this.away()
    })
  }

  private away(waitMs: number | null = null): void {
    if (this.ended.signal.aborted) return
    this.drop()
    this.lostAt ??= performance.now()
    this.tell({ at: 'away', sinceMs: this.lostAt, attempt: this.attempt })
    const pause = pausesMs[Math.min(this.attempt, pausesMs.length - 1)] ?? 8_000
    this.attempt++
    this.again(waitMs ?? pause * (0.75 + Math.random() / 2))
  }

  private again(waitMs: number): void {
    this.stopTimers()
    this.later(waitMs, () => void this.connect(false))
  }

  private refuse(code: string, detail: RefusalFacts = {}): void {
    this.finish({ at: 'refused', code, detail })
  }

  private finish(state: SendState): void {
    this.ended.abort()
    this.drop()
    this.tell(state)
  }

  private drop(): void {
    this.stopTimers()
    const { pc } = this
    this.pc = null
    this.resource = null
    this.counters = []
    pc?.close()
  }

  private later(ms: number, call: () => void): void {
    this.timers.push(setTimeout(() => !this.ended.signal.aborted && call(), ms))
  }

  private stopTimers(): void {
    for (const timer of this.timers.splice(0)) clearTimeout(timer)
  }

  private tell(state: SendState): void {
    this.state = state
    this.options.onState(state)
  }

  private read(report: RTCStatsReport): SignalFacts | null {
    const all = [...report.values()] as Record<string, unknown>[]
    const out = all.find((one) => one.type === 'outbound-rtp' && one.kind === 'video')
    if (!out) return null
    const remote = all.find((one) => one.type === 'remote-inbound-rtp' && one.kind === 'video')
    const number = (from: Record<string, unknown> | undefined, name: string) =>
      typeof from?.[name] === 'number' ? (from[name] as number) : 0
    const now: Counters = {
      atMs: number(out, 'timestamp'),
      bytes: number(out, 'bytesSent'),
      frames: number(out, 'framesEncoded'),
    }
    // Over a few seconds: one slow second is no news.
    this.counters = [...this.counters, now].slice(-ratesOver)
    const rates = ratesOf(this.counters[0] ?? null, now)
    const settings = this.tracks.get('video')?.getSettings()
    const rtt = number(remote, 'roundTripTime')
    return {
      ...rates,
      width: number(out, 'frameWidth'),
      height: number(out, 'frameHeight'),
      wantedHeight: Math.min(settings?.width ?? 0, settings?.height ?? 0),
      lossRatio: number(remote, 'fractionLost'),
      rttMs: rtt > 0 ? rtt * 1000 : null,
      limitedBy:
        out.qualityLimitationReason === 'bandwidth' || out.qualityLimitationReason === 'cpu'
          ? out.qualityLimitationReason
          : 'none',
    }
  }
}

function refusalIn(body: string): { code: string; detail: RefusalFacts } {
  try {
    const { code, detail } = JSON.parse(body) as { code?: unknown; detail?: unknown }
    return {
      code: typeof code === 'string' ? code : 'protocol_error',
      detail: typeof detail === 'object' && detail !== null ? (detail as RefusalFacts) : {},
    }
  } catch (problem) {
    // A proxy on the way answers with a page of its own.
    if (problem instanceof SyntaxError) return { code: 'protocol_error', detail: {} }
    throw problem
  }
}
