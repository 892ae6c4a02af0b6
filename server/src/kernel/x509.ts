import { createHash, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isIPv4 } from 'node:net'

/** Certificates (RFC 5280) for EC keys, written in DER (ITU-T X.690): just enough for a local authority and its server. */
export interface CertificateRequest {
  readonly commonName: string
  readonly publicKey: KeyObject
  readonly issuer: { readonly commonName: string; readonly publicKey: KeyObject; readonly privateKey: KeyObject }
  readonly notBeforeAt: number
  readonly notAfterAt: number
  readonly use: Authority | Server
}
interface Authority {
  readonly kind: 'authority'
  /** The authority can vouch for these and nothing else (section 4.2.1.10). */
  readonly permitted: { readonly names: readonly string[]; readonly ranges: readonly AddressRange[] }
}
interface Server {
  readonly kind: 'server'
  readonly names: readonly string[]
  readonly addresses: readonly string[]
}
export interface AddressRange {
  readonly address: string
  readonly prefixBits: number
}

export function writeCertificate(request: CertificateRequest): string {
  const { issuer } = request
  const tbs = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(serialNumber()),
    ecdsaWithSha256,
    nameOf(issuer.commonName),
    sequence(time(request.notBeforeAt), time(request.notAfterAt)),
    nameOf(request.commonName),
    request.publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...extensions(request))),
  )
  const signature = sign('sha256', tbs, { key: issuer.privateKey, dsaEncoding: 'der' })
  return pem(sequence(tbs, ecdsaWithSha256, bitString(signature)))
}

function extensions({ use, publicKey, issuer }: CertificateRequest): Buffer[] {
  const common = [
    extension('2.5.29.14', false, octets(keyId(publicKey))),
    extension('2.5.29.35', false, sequence(tagged(0x80, keyId(issuer.publicKey)))),
  ]
  if (use.kind === 'authority') {
    return [
      extension('2.5.29.19', true, sequence(boolean(true), integer(Buffer.from([0])))),
      // keyCertSign and cRLSign: bits 5 and 6, one unused bit at the end.
      extension('2.5.29.15', true, tagged(0x03, Buffer.from([1, 0b0000_0110]))),
      extension('2.5.29.30', true, sequence(tagged(0xa0, ...subtrees(use)))),
      ...common,
    ]
  }
  const alternatives = [
    ...use.names.map((name) => tagged(0x82, Buffer.from(name, 'ascii'))),
    ...use.addresses.map((one) => tagged(0x87, addressBytes(one))),
  ]
  return [
    extension('2.5.29.19', true, sequence()),
    // digitalSignature: bit 0.
    extension('2.5.29.15', true, tagged(0x03, Buffer.from([7, 0b1000_0000]))),
    extension('2.5.29.37', false, sequence(objectId('1.3.6.1.5.5.7.3.1'))),
    extension('2.5.29.17', false, sequence(...alternatives)),
    ...common,
  ]
}

function subtrees({ permitted }: Authority): Buffer[] {
  const names = permitted.names.map((name) => sequence(tagged(0x82, Buffer.from(name, 'ascii'))))
  const ranges = permitted.ranges.map(({ address, prefixBits }) => {
    const bytes = addressBytes(address)
    const mask = Buffer.from(bytes.map((_, index) => (0xff << (8 - Math.min(8, Math.max(0, prefixBits - index * 8)))) & 0xff))
    return sequence(tagged(0x87, Buffer.concat([bytes, mask])))
  })
  return [...names, ...ranges]
}

export function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number))
  const [head = '', tail] = address.split('%')[0]!.split('::')
  const groups = (text: string | undefined) => (text ? text.split(':') : [])
  const [before, after] = [groups(head), groups(tail)]
  const middle = tail === undefined ? [] : Array<string>(8 - before.length - after.length).fill('0')
  return Buffer.from(
    [...before, ...middle, ...after].flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]),
  )
}

const keyId = (key: KeyObject): Buffer =>
  createHash('sha1')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest()

/** Positive and at most 20 bytes (section 4.1.2.2). */
function serialNumber(): Buffer {
  const bytes = randomBytes(16)
  bytes[0] = (bytes[0]! & 0x7f) | 0x40
  return bytes
}

const nameOf = (commonName: string): Buffer =>
  sequence(
    ...[['2.5.4.10', 'Efir'] as const, ['2.5.4.3', commonName] as const].map(([id, text]) =>
      tagged(0x31, sequence(objectId(id), tagged(0x0c, Buffer.from(text)))),
    ),
  )

/** UTCTime until 2049, GeneralizedTime from 2050 (section 4.1.2.5). */
function time(at: number): Buffer {
  const digits = `${new Date(at).toISOString().replace(/\D/g, '').slice(0, 14)}Z`
  return digits < '2050' ? tagged(0x17, Buffer.from(digits.slice(2))) : tagged(0x18, Buffer.from(digits))
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
  return sequence(objectId(id), ...(critical ? [boolean(true)] : []), octets(value))
}

function tagged(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([tag]), lengthOf(content.length), content])
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length])
  const bytes: number[] = []
  for (let rest = length; rest > 0; rest >>= 8) bytes.unshift(rest & 0xff)
  return Buffer.from([0x80 | bytes.length, ...bytes])
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => tagged(0x30, ...parts)
const explicit = (number: number, part: Uint8Array): Buffer => tagged(0xa0 | number, part)
const integer = (bytes: Uint8Array): Buffer => tagged(0x02, bytes)
const octets = (bytes: Uint8Array): Buffer => tagged(0x04, bytes)
const bitString = (bytes: Uint8Array): Buffer => tagged(0x03, Buffer.from([0]), bytes)
const boolean = (value: boolean): Buffer => tagged(0x01, Buffer.from([value ? 0xff : 0]))

function objectId(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number)
  const base128 = (value: number): number[] => {
    const bytes = [value & 0x7f]
    for (let left = value >> 7; left > 0; left >>= 7) bytes.unshift((left & 0x7f) | 0x80)
    return bytes
  }
  return tagged(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

const ecdsaWithSha256 = sequence(objectId('1.2.840.10045.4.3.2'))

const pem = (der: Buffer): string =>
  `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/.{1,64}/g, '$&\n')}-----END CERTIFICATE-----\n`
