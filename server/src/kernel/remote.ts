import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, isIPv6 } from 'node:net'

const isLoopback = (address: string): boolean => address === '::1' || /^(::ffff:)?127\./.test(address)

/** Which neighbours are believed about who asks. */
export type Trust = (address: string) => boolean

/** Throws on what is neither an address nor a network. */
export function openTrust(proxies: string | undefined, otherwise: boolean): Trust {
  if (proxies === undefined) return otherwise ? isLoopback : () => false
  const list = new BlockList()
  for (const text of proxies.split(',').map((one) => one.trim())) {
    const [address = '', bits] = text.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (isIP(address) === 0) throw new Error(`EFIR_PROXIES: ${text} is no address`)
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return (address) => {
    const plain = address.startsWith('::ffff:') ? address.slice(7) : address
    return isIP(plain) !== 0 && list.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4')
  }
}

/** Where a request comes from: behind proxies that are trusted, what they were told nearest to themselves. */
export function remoteOf(request: Pick<IncomingMessage, 'headers' | 'socket'>, trusts: Trust): string {
  const direct = request.socket.remoteAddress ?? ''
  const forwarded = request.headers['x-forwarded-for']
  if (forwarded === undefined || !trusts(direct)) return direct
  const hops = String(forwarded).split(',')
  return hops.map((hop) => hop.trim()).findLast((hop) => hop !== '' && !trusts(hop)) ?? direct
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
