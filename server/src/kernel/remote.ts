import type { IncomingMessage } from 'node:http'

const isLoopback = (address: string): boolean => address === '::1' || /^(::ffff:)?127\./.test(address)

/** Where a request comes from. Behind a proxy on this machine, if proxies are trusted: what the proxy was told nearest to itself. */
export function remoteOf(request: Pick<IncomingMessage, 'headers' | 'socket'>, trustsProxy: boolean): string {
  const direct = request.socket.remoteAddress ?? ''
  const forwarded = request.headers['x-forwarded-for']
  if (!trustsProxy || forwarded === undefined || !isLoopback(direct)) return direct
  const hops = String(forwarded).split(',')
  return hops.map((hop) => hop.trim()).findLast((hop) => hop !== '' && !isLoopback(hop)) ?? direct
}

/** One household or company, as far as an address tells: an IPv6 network hands out 2^64 addresses to everybody. */
export function networkOf(address: string): string {
  if (address.startsWith('::ffff:')) return address.slice(7)
  if (!address.includes(':')) return address
  const [front = '', back = ''] = address.split('::')
  const head = front.split(':').filter(Boolean)
  const tail = back.split(':').filter(Boolean)
  const missing = address.includes('::') ? 8 - head.length - tail.length : 0
  return [...head, ...Array<string>(Math.max(0, missing)).fill('0'), ...tail]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')
}
