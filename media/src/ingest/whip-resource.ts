import { randomBytes } from 'node:crypto'
import type { Clock } from '../clock.ts'
import type { Admission } from '../hooks.ts'
import type { Log } from '../log.ts'
import type { IngestLimits } from './limits.ts'
import type { Publication, Sessions } from './session.ts'
import type { Peer, WebrtcOptions } from './whip-peer.ts'
import { createPeer } from './whip-peer.ts'
import type { GoodOffer, IceFragment } from './whip-sdp.ts'
import { readFragment, withIce } from './whip-sdp.ts'
import { WhipSource } from './whip-source.ts'

export interface WhipResourceOptions {
  readonly sessions: Sessions
  readonly clock: Clock
  readonly log: Log
  readonly limits: IngestLimits
  readonly webrtc: WebrtcOptions
  readonly admission: Admission
  readonly offer: GoodOffer
  readonly remote: string
  /** The resource is gone. Called once. */
  readonly over: () => void
}

const POLL_EVERY_MS = 100
/** A phone that changes networks needs time to restart ICE before it counts as lost. */
const SILENCE_MS = 15_000

/** One WHIP session: from the answered offer until the connection is gone. It takes the stream over when it is connected, not before. */
export class WhipResource {
  etag = randomBytes(8).toString('hex')
  remoteUfrag: string
  private readonly peer: Peer
  private publication: Publication | undefined
  private source: WhipSource | undefined
  private isOver = false
  private offer: string
  private readonly cancels: (() => void)[] = []
  private readonly options: WhipResourceOptions

  constructor(options: WhipResourceOptions) {
    this.options = options
    this.offer = options.offer.sdp
    this.remoteUfrag = readFragment(options.offer.sdp)?.ufrag ?? ''
    this.peer = createPeer(options.webrtc, options.offer, {
      connected: () => this.connected(),
      closed: () => this.gone(),
      rtp: (track, packet) => this.source?.[track](packet, options.clock.monotonic()),
      report: (track, report) => this.source?.report(track, report),
    })
    this.cancels.push(
      options.clock.after(SILENCE_MS, () => {
        if (this.publication === undefined) this.close()
      }),
    )
  }

  begin(): Promise<string> {
    return this.peer.answer(this.offer)
  }

  async restart(fragment: IceFragment): Promise<string | undefined> {
    const offer = withIce(this.offer, fragment)
    try {
      const answer = await this.peer.answer(offer)
      this.offer = offer
      this.remoteUfrag = fragment.ufrag
      this.etag = randomBytes(8).toString('hex')
      return answer
    } catch (error) {
      this.options.log.warn('ice restart failed', { reason: error instanceof Error ? error.message : 'unknown' })
      return undefined
    }
  }

  /** The publisher says the stream is over. */
  end(): void {
    this.publication?.end()
    this.close()
  }

  close(): void {
    if (this.isOver) return
    this.isOver = true
    for (const cancel of this.cancels.splice(0)) cancel()
    this.source = undefined
    this.peer.close()
    this.options.over()
  }

  private gone(): void {
    if (this.isOver) return
    this.publication?.lost('connection_closed')
    this.close()
  }

  private connected(): void {
    // Again after an ICE restart: the publication goes on.
    if (this.isOver || this.publication !== undefined) return
    const { sessions, admission, remote, clock, offer } = this.options
    const publication = sessions.publish(admission, {
      protocol: 'whip',
      remote,
      silenceMs: SILENCE_MS,
      close: () => this.close(),
      requestKeyframe: () => this.peer.requestKeyframe(),
      quality: () => ({ lossRatio: this.source?.lossRatio ?? 0, rttMs: null, droppedFrames: this.source?.droppedFrames ?? 0 }),
    })
    if (publication === null) {
      this.close()
      return
    }
    this.publication = publication
    const { feed } = publication
    feed.expectAudio(offer.hasAudio)
    this.source = new WhipSource(
      {
        configure: (config) => feed.configure(config),
        sample: (sample) => feed.sample(sample),
        refuse: (code) => feed.refuse(code),
        requestKeyframe: () => this.peer.requestKeyframe(),
      },
      offer.hasAudio,
    )
    this.cancels.push(
      clock.every(POLL_EVERY_MS, () => {
        this.source?.poll(clock.monotonic())
        this.peer.sendFeedback()
      }),
    )
  }
}
