/** WHIP, RFC 9725: the HTTP side. */
import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../clock.ts'
import type { Admission, AdmitRefusal, Hooks } from '../hooks.ts'
import type { Log } from '../log.ts'
import { busy, CORS, hasType, locationOf, MAX_SDP_BYTES, preflight, readBody, refuse, remoteOf } from '../webrtc-http.ts'
import { Gate } from './gate.ts'
import type { IngestLimits } from './limits.ts'
import type { Sessions } from './session.ts'
import type { WebrtcOptions } from './whip-peer.ts'
import { WhipResource } from './whip-resource.ts'
import type { BadOffer, GoodOffer } from './whip-sdp.ts'
import { fragmentOf, readFragment, readOffer } from './whip-sdp.ts'

export interface WhipOptions {
  readonly sessions: Sessions
  readonly hooks: Hooks
  readonly clock: Clock
  readonly log: Log
  readonly limits: IngestLimits
  readonly webrtc: WebrtcOptions
}

const RETRY_AFTER_S = 5

export class WhipIngest {
  private readonly resources = new Map<string, WhipResource>()
  private readonly options: WhipOptions
  private readonly gate: Gate

  constructor(options: WhipOptions) {
    this.options = options
    this.gate = new Gate(options.clock, { burst: options.limits.knocksAtOnce, perMinute: options.limits.knocksPerMinute })
  }

  /** `path` begins after /whip/: the stream hint, then the resource id. */
  async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const [hint = '', id, ...more] =
      path
        .split('?')[0]
        ?.split('/')
        .filter((part) => part !== '') ?? []
    if (more.length > 0) return refuse(response, 404, 'not_found', 'no such resource')
    if (request.method === 'OPTIONS') return preflight(response)
    if (id === undefined) {
      if (request.method === 'POST') return this.create(request, response, hint)
      return refuse(response, 405, 'method', 'POST an offer here', { allow: 'POST, OPTIONS' })
    }
    const resource = this.resources.get(id)
    if (resource === undefined) return refuse(response, 404, 'not_found', 'this session is over')
    if (request.method === 'DELETE') {
      resource.end()
      response.writeHead(200, CORS).end()
    } else if (request.method === 'PATCH') await this.patch(request, response, resource)
    else refuse(response, 405, 'method', 'PATCH or DELETE', { allow: 'PATCH, DELETE, OPTIONS' })
  }

  close(): void {
    for (const resource of this.resources.values()) resource.close()
    this.resources.clear()
  }

  private async create(request: IncomingMessage, response: ServerResponse, hint: string): Promise<void> {
    if (!hasType(request, 'application/sdp')) return refuse(response, 415, 'media_type', 'Content-Type must be application/sdp')
    const credential = /^Bearer ([\x21-\x7e]{1,1024})$/i.exec(request.headers.authorization ?? '')?.[1]
    if (credential === undefined)
      return refuse(response, 401, 'unauthorized', 'a bearer token is needed', { 'www-authenticate': 'Bearer' })
    if (this.resources.size >= this.options.limits.maxStreams * 2) return busy(response, 'overloaded', RETRY_AFTER_S)
    const remote = remoteOf(request)
    const waitS = this.gate.knock(remote)
    if (waitS !== null) return refuse(response, 429, 'too_many_tries', 'come back later', { 'retry-after': `${waitS}` })
    const answer = await this.options.sessions.admit({
      protocol: 'whip',
      credential,
      remote,
      ...(hint === '' ? {} : { streamHint: hint }),
    })
    if (!answer.ok) return this.notAdmitted(response, answer, remote)
    const body = await readBody(request, MAX_SDP_BYTES)
    if (body === undefined) return refuse(response, 413, 'too_long', 'the offer is too long')
    const offer = readOffer(body)
    if (!offer.ok) return this.notUsable(response, offer, answer, remote)
    if (!this.options.sessions.hasRoom(answer.streamId)) return busy(response, 'overloaded', RETRY_AFTER_S)
    await this.open(response, request, hint, answer, offer, remote)
  }

  private async open(
    response: ServerResponse,
    request: IncomingMessage,
    hint: string,
    admission: Admission,
    offer: GoodOffer,
    remote: string,
  ): Promise<void> {
    const id = randomBytes(16).toString('hex')
    const resource = new WhipResource({ ...this.options, admission, offer, remote, over: () => this.resources.delete(id) })
    this.resources.set(id, resource)
    let sdp: string
    try {
      sdp = await resource.begin()
    } catch (error) {
      resource.close()
      this.options.log.warn('whip offer not answered', { remote, reason: error instanceof Error ? error.message : 'unknown' })
      return refuse(response, 422, 'malformed', 'the offer could not be answered')
    }
    if (request.destroyed && !response.writable) return resource.close()
    const location = locationOf(request, 'whip', hint, id)
    response.writeHead(201, {
      ...CORS,
      'content-type': 'application/sdp',
      location,
      etag: `"${resource.etag}"`,
      'accept-patch': 'application/trickle-ice-sdpfrag',
    })
    response.end(sdp)
  }

  /** RFC 9725 section 4.3: trickled candidates need no answer from an ICE lite agent; a restart does. */
  private async patch(request: IncomingMessage, response: ServerResponse, resource: WhipResource): Promise<void> {
    if (!hasType(request, 'application/trickle-ice-sdpfrag'))
      return refuse(response, 415, 'media_type', 'Content-Type must be application/trickle-ice-sdpfrag')
    const match = request.headers['if-match']
    if (match === undefined) return refuse(response, 428, 'precondition', 'If-Match is needed')
    if (match !== '*' && match !== `"${resource.etag}"`)
      return refuse(response, 412, 'precondition', 'the ICE session is another one')
    const fragment = readFragment((await readBody(request, MAX_SDP_BYTES)) ?? '')
    if (fragment === undefined) return refuse(response, 400, 'malformed', 'no ICE credentials in the fragment')
    if (fragment.ufrag === resource.remoteUfrag) {
      response.writeHead(204, { ...CORS, etag: `"${resource.etag}"` }).end()
      return
    }
    if (match !== '*') return refuse(response, 412, 'precondition', 'a restart needs If-Match: *')
    const answer = await resource.restart(fragment)
    if (answer === undefined) return refuse(response, 422, 'malformed', 'the ICE session could not be restarted')
    response
      .writeHead(200, { ...CORS, 'content-type': 'application/trickle-ice-sdpfrag', etag: `"${resource.etag}"` })
      .end(fragmentOf(answer))
  }

  private notAdmitted(response: ServerResponse, answer: AdmitRefusal, remote: string): void {
    this.options.log.info('publisher not admitted', { protocol: 'whip', remote, code: answer.code })
    if (answer.retryAfterS !== undefined) {
      busy(response, answer.code, answer.retryAfterS)
      return
    }
    const unknown = answer.code === 'unauthorized' || answer.code.endsWith('_unknown')
    refuse(response, unknown ? 401 : 403, answer.code, 'publishing is refused', unknown ? { 'www-authenticate': 'Bearer' } : {})
  }

  private notUsable(response: ServerResponse, offer: BadOffer, admission: Admission, remote: string): void {
    const { code, detail, status, message } = offer
    const { streamId, sessionId = null } = admission
    this.options.hooks.emit({ type: 'refused', streamId, sessionId, protocol: 'whip', remote, code, detail })
    refuse(response, status, code, message, {}, detail)
  }
}
