import { type LookupAddress, lookup as systemLookup } from 'node:dns'
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** Requests to addresses that somebody else wrote: web hooks, feeds, push services. They never reach a private network. */
export interface Outbound extends Disposable {
  /** Like the global fetch, but the whole answer is read, redirects are handed back, and the address must be public. */
  fetch(url: string | URL, init?: OutboundInit): Promise<Response>
  /** Why an address would be refused before any name is looked up; null: worth trying. */
  refuses(url: string | URL): OutboundReason | null
}
export interface OutboundInit {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  readonly signal?: AbortSignal
  /** For all of it: name, connection, answer. */
  readonly timeoutMs?: number
  readonly maxAnswerBytes?: number
}
export interface OutboundOptions {
  /** Hosts ("127.0.0.1", "hooks.internal:8080") that may be private and plain http: an operator's own, or a test's. */
  readonly allow?: readonly string[]
  readonly lookup?: (host: string) => Promise<readonly LookupAddress[]>
}

export type OutboundReason = 'not_a_web_address' | 'not_https' | 'holds_a_password' | 'not_public' | 'answer_too_large'

/** Our own refusal: to try again would not help. Any other failure is the network's, and its outcome is not known. */
export class OutboundRefused extends Error {
  readonly reason: OutboundReason
  constructor(reason: OutboundReason, host: string) {
    super(`outgoing request refused: ${reason} (${host})`)
    this.reason = reason
  }
}

const usual = { timeoutMs: 10_000, maxAnswerBytes: 1_000_000 }

/** IANA special-purpose registry (RFC 6890 and its updates), and multicast. */
const special4 = blocksOf('ipv4', [
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24',
  '192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4',
])
/** Only 2000::/3 is given out to the public (RFC 4291, 2.4); these are its exceptions: Teredo, documentation, 6to4. */
const public6 = blocksOf('ipv6', ['2000::/3'])
const special6 = blocksOf('ipv6', ['2001::/23 2001:db8::/32 2002::/16 3fff::/20'])
/** An IPv4 address in its last 32 bits: mapped (RFC 4291, 2.5.5.2) and NAT64 (RFC 6052). */
const holding4 = blocksOf('ipv6', ['::ffff:0:0/96 64:ff9b::/96'])

function blocksOf(family: 'ipv4' | 'ipv6', lines: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of lines.join(' ').split(' ')) {
    const [network = '', bits] = range.split('/')
    list.addSubnet(network, Number(bits), family)
  }
  return list
}

/** An address that anybody on the internet could reach. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !special4.check(address, 'ipv4')
  if (family !== 6 || address.includes('%')) return false
  if (holding4.check(address, 'ipv6')) return isPublicAddress(last32Bits(address))
  return public6.check(address, 'ipv6') && !special6.check(address, 'ipv6')
}

function last32Bits(address: string): string {
  // The URL parser writes every IPv6 address in one form, in groups of 16 bits.
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1).split(':')
  const [high = 0, low = 0] = groups.slice(-2).map((group) => Number.parseInt(group || '0', 16))
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`
}

const bare = (hostname: string) => hostname.replace(/^\[|\]$/g, '')

/** Opened once for a process: connections to the same service are kept and their number is bounded. */
export function openOutbound(options: OutboundOptions = {}): Outbound {
  const allowed = new Set(options.allow ?? [])
  const find = options.lookup ?? lookUp
  const limits = { keepAlive: true, maxSockets: 64, maxTotalSockets: 512, maxFreeSockets: 16, timeout: 30_000 }
  const agents = {
    open: { 'http:': new HttpAgent(limits), 'https:': new HttpsAgent(limits) },
    guarded: new HttpsAgent({ ...limits, lookup: publicOnly(find) }),
  }
  const isAllowed = (url: URL) => allowed.has(bare(url.hostname)) || allowed.has(`${bare(url.hostname)}:${portOf(url)}`)

  function refuses(given: string | URL): OutboundReason | null {
    const url = URL.parse(given)
    if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) return 'not_a_web_address'
    if (url.username || url.password) return 'holds_a_password'
    if (isAllowed(url)) return null
    if (url.protocol !== 'https:') return 'not_https'
    const host = bare(url.hostname)
    if (isIP(host)) return isPublicAddress(host) ? null : 'not_public'
    return /\.[^.]+$/.test(host) && !/\.(localhost|local|internal|home\.arpa)\.?$/.test(host) ? null : 'not_public'
  }

  return {
    refuses,
    async fetch(given, init = {}) {
      const reason = refuses(given)
      if (reason) throw new OutboundRefused(reason, URL.parse(given)?.host ?? '')
      const url = new URL(given)
      const agent = isAllowed(url) ? agents.open[url.protocol as 'http:' | 'https:'] : agents.guarded
      return await exchange(url, init, agent)
    },
    [Symbol.dispose]() {
      for (const agent of [agents.open['http:'], agents.open['https:'], agents.guarded]) agent.destroy()
    },
  }
}

const portOf = (url: URL) => url.port || (url.protocol === 'https:' ? '443' : '80')

async function exchange(url: URL, init: OutboundInit, agent: HttpAgent): Promise<Response> {
  const deadline = AbortSignal.timeout(init.timeoutMs ?? usual.timeoutMs)
  const body = typeof init.body === 'string' ? Buffer.from(init.body) : init.body
  const asked: RequestOptions = {
    agent,
    method: init.method ?? 'GET',
    headers: { ...init.headers, ...(body ? { 'content-length': body.byteLength } : {}) },
    signal: init.signal ? AbortSignal.any([init.signal, deadline]) : deadline,
  }
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, asked, resolve)
    request.on('error', reject)
    request.end(body)
  })
  return await readAnswer(answer, init.maxAnswerBytes ?? usual.maxAnswerBytes, url.host)
}

const bodyless = new Set([204, 205, 304])

async function readAnswer(answer: IncomingMessage, limit: number, host: string): Promise<Response> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of answer as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength
    // Leaving the loop by a throw destroys the answer and its connection.
    if (size > limit) throw new OutboundRefused('answer_too_large', host)
    chunks.push(chunk)
  }
  const status = answer.statusCode ?? 0
  if (status < 200 || status > 599) throw new Error(`${host} answered with status ${status}`)
  const headers = new Headers()
  for (const [name, values] of Object.entries(answer.headersDistinct))
    for (const value of values ?? []) headers.append(name, value)
  return new Response(bodyless.has(status) ? null : Buffer.concat(chunks), { status, headers })
}

const lookUp = (host: string) =>
  new Promise<LookupAddress[]>((resolve, reject) =>
    systemLookup(host, { all: true, verbatim: true }, (problem, found) => (problem ? reject(problem) : resolve(found))),
  )

/**
 * The address that is checked is the address that is dialled, so a name that changes between two look-ups gains nothing.
 * One private address among several is enough for a no.
 */
function publicOnly(find: (host: string) => Promise<readonly LookupAddress[]>): LookupFunction {
  return (host, asked, done) => {
    find(host).then(
      (found) => {
        const first = found[0]
        if (!first || found.some(({ address }) => !isPublicAddress(address)))
          return done(new OutboundRefused('not_public', host), '', 0)
        if (asked.all) return done(null, [...found], 0)
        done(null, first.address, first.family)
      },
      (problem: NodeJS.ErrnoException) => done(problem, '', 0),
    )
  }
}
