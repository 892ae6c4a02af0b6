/** WHEP, draft-ietf-wish-whep: the HTTP side, the seats and who is still there. */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../clock.ts'
import { playbackAllowed } from '../hls/signature.ts'
import { declareLite, readFragment } from '../ingest/whip-sdp.ts'
import type { Log } from '../log.ts'
import type { Stream } from '../stream.ts'
import type { AgentOptions } from '../webrtc-agent.ts'
import { busy, CORS, hasType, locationOf, MAX_SDP_BYTES, preflight, readBody, refuse } from '../webrtc-http.ts'
import { Hub } from './hub.ts'
import type { ViewerPeer } from './viewer-peer.ts'
import { createViewerPeer } from './viewer-peer.ts'
import { readViewerOffer, type ViewerOffer } from './whep-sdp.ts'

export interface WhepOptions {
  readonly clock: Clock
  readonly log: Log
  readonly webrtc: AgentOptions
  /** Per stream; 0 closes the door. */
  readonly maxViewers: number
  readonly maxViewersInAll?: number
}

interface Show {
  readonly hub: Hub
  readonly playbackKey: string | null
}

interface Viewer {
  readonly streamId: string
  readonly peer: ViewerPeer
  readonly leave: () => void
  readonly sinceMs: number
  connected: boolean
  heardMs: number
  badReports: number
}

const MAX_IN_ALL = 150
const RETRY_AFTER_S = 10
const REPORT_EVERY_MS = 1_000
const CONNECT_MS = 10_000
/** Browsers report each second; one that is silent for so long is gone. */
const SILENCE_MS = 12_000
/** Without layers to choose from, a line that loses so much for so long is better served by HLS. */
const TOO_LOSSY = 0.15
const BAD_REPORTS = 6

export class Whep {
  private readonly options: WhepOptions
  private readonly shows = new Map<string, Show>()
  private readonly viewers = new Map<string, Viewer>()
  private readonly cancel: () => void

  constructor(options: WhepOptions) {
    this.options = options
    this.cancel = options.clock.every(REPORT_EVERY_MS, () => this.look())
  }

  get size(): number {
    return this.viewers.size
  }

  /** Opens the door to a stream until it ends. */
  serve(stream: Stream, playbackKey: string | null): void {
    if (this.options.maxViewers === 0) return
    this.shows.get(stream.id)?.hub.close('replaced')
    const hub = new Hub({
      clock: this.options.clock,
      programAt: (timeUs) => stream.programAt(timeUs),
      requestKeyframe: () => stream.requestKeyframe(),
    })
    const show = { hub, playbackKey }
    this.shows.set(stream.id, show)
    stream.subscribe(hub)
    stream.subscribe({ ...nothing, end: () => void (this.shows.get(stream.id) === show && this.shows.delete(stream.id)) })
  }

  /** `path` begins after /whep/: the stream, then the resource id. */
  async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const [streamId = '', id, ...more] = (path.split('?')[0] ?? '').split('/').filter((part) => part !== '')
    if (more.length > 0 || streamId === '') return refuse(response, 404, 'not_found', 'no such resource')
    if (request.method === 'OPTIONS') return preflight(response)
    if (id === undefined) {
      if (request.method === 'POST') return this.create(request, response, streamId)
      return refuse(response, 405, 'method', 'POST an offer here', { allow: 'POST, OPTIONS' })
    }
    const viewer = this.viewers.get(id)
    if (viewer?.streamId !== streamId) return refuse(response, 404, 'not_found', 'this session is over')
    if (request.method === 'DELETE') {
      this.close(id, 'left')
      response.writeHead(200, CORS).end()
    } else if (request.method === 'PATCH') await this.patch(request, response)
    else refuse(response, 405, 'method', 'PATCH or DELETE', { allow: 'PATCH, DELETE, OPTIONS' })
  }

  stop(): void {
    this.cancel()
    for (const id of [...this.viewers.keys()]) this.close(id, 'media stops')
    for (const { hub } of this.shows.values()) hub.close('media stops')
    this.shows.clear()
  }

  private async create(request: IncomingMessage, response: ServerResponse, streamId: string): Promise<void> {
    if (!hasType(request, 'application/sdp')) return refuse(response, 415, 'media_type', 'Content-Type must be application/sdp')
    const show = this.shows.get(streamId)
    if (show === undefined) return refuse(response, 404, 'not_found', 'no such show')
    const token = new URLSearchParams(request.url?.split('?')[1] ?? '').get('t')
    if (show.playbackKey !== null && !playbackAllowed(show.playbackKey, streamId, token, this.options.clock.now()))
      return refuse(response, 403, 'signature', 'this show needs a valid signature')
    if (!this.hasSeat(show.hub)) return busy(response, 'no_seat', RETRY_AFTER_S)
    const body = await readBody(request, MAX_SDP_BYTES)
    if (body === undefined) return refuse(response, 413, 'too_long', 'the offer is too long')
    const offer = readViewerOffer(body, show.hub.profile)
    if (!offer.ok) return refuse(response, offer.status, offer.code, offer.message, {}, offer.detail)
    const unfit = show.hub.unfit(offer.withAudio)
    if (unfit !== null) return refuse(response, 409, unfit, 'this show can be watched by HLS only')
    // Others may have come while the offer was read.
    if (!this.hasSeat(show.hub)) return busy(response, 'no_seat', RETRY_AFTER_S)
    await this.open(request, response, streamId, show.hub, offer)
  }

  private hasSeat(hub: Hub): boolean {
    return hub.size < this.options.maxViewers && this.viewers.size < (this.options.maxViewersInAll ?? MAX_IN_ALL)
  }

  private async open(
    request: IncomingMessage,
    response: ServerResponse,
    streamId: string,
    hub: Hub,
    offer: ViewerOffer,
  ): Promise<void> {
    const id = randomBytes(16).toString('hex')
    const viewer = this.seat(id, streamId, hub, offer)
    try {
      const sdp = declareLite(await viewer.peer.answer(offer.sdp))
      if (request.destroyed && !response.writable) return this.close(id, 'left')
      const location = locationOf(request, 'whep', streamId, id)
      response.writeHead(201, { ...CORS, 'content-type': 'application/sdp', location, etag: `"${id.slice(0, 16)}"` }).end(sdp)
    } catch (error) {
      this.close(id, 'not answered')
      this.options.log.warn('whep offer not answered', { reason: error instanceof Error ? error.message : 'unknown' })
      refuse(response, 422, 'malformed', 'the offer could not be answered')
    }
  }

  private seat(id: string, streamId: string, hub: Hub, offer: ViewerOffer): Viewer {
    const { clock, webrtc } = this.options
    let leave = () => undefined as unknown
    const peer = createViewerPeer(webrtc, offer, {
      connected: () => {
        if (viewer.connected || !this.viewers.has(id)) return
        viewer.connected = true
        leave()
        leave = hub.join({ send: (packet) => peer.send(packet), closed: (why) => this.close(id, why) })
      },
      closed: () => this.close(id, 'connection closed'),
      heard: () => {
        viewer.heardMs = clock.monotonic()
      },
      lost: (share) => {
        viewer.badReports = share > TOO_LOSSY ? viewer.badReports + 1 : 0
      },
      missing: (sequences) => {
        for (const sequence of sequences) {
          const packet = hub.lost(sequence)
          if (packet !== undefined) peer.send(packet)
        }
      },
      pictureLost: () => hub.wantKeyframe(),
    })
    const nowMs = clock.monotonic()
    // The seat is taken before the connection stands.
    const waiting = hub.hold()
    leave = waiting
    const viewer: Viewer = {
      streamId,
      peer,
      leave: () => leave(),
      sinceMs: nowMs,
      connected: false,
      heardMs: nowMs,
      badReports: 0,
    }
    this.viewers.set(id, viewer)
    return viewer
  }

  /** Trickled candidates need no answer from an ICE lite agent; for another network a viewer comes anew. */
  private async patch(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!hasType(request, 'application/trickle-ice-sdpfrag'))
      return refuse(response, 415, 'media_type', 'Content-Type must be application/trickle-ice-sdpfrag')
    const body = await readBody(request, MAX_SDP_BYTES)
    if (readFragment(body ?? '') === undefined) return refuse(response, 400, 'malformed', 'no ICE credentials in the fragment')
    response.writeHead(204, CORS).end()
  }

  private close(id: string, why: string): void {
    const viewer = this.viewers.get(id)
    if (!this.viewers.delete(id)) return
    viewer?.leave()
    viewer?.peer.close()
    this.options.log.info('whep viewer out', { streamId: viewer?.streamId, why })
  }

  private look(): void {
    const nowMs = this.options.clock.monotonic()
    for (const [id, viewer] of [...this.viewers]) {
      const hub = this.shows.get(viewer.streamId)?.hub
      if (hub === undefined) this.close(id, 'ended')
      else if (!viewer.connected && nowMs - viewer.sinceMs > CONNECT_MS) this.close(id, 'never connected')
      else if (viewer.connected && nowMs - viewer.heardMs > SILENCE_MS) this.close(id, 'silent')
      else if (viewer.badReports >= BAD_REPORTS) this.close(id, 'lossy')
      else if (viewer.connected) viewer.peer.report(hub.points)
    }
  }
}

const nothing = { configure: () => undefined, sample: () => undefined, discontinuity: () => undefined }
