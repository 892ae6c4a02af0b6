import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { BlockList, isIPv4 } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { renderUnicodeCompact } from 'uqr'
import { type AddressRange, writeCertificate } from './x509.ts'

export interface Tls {
  /** For `https.createServer` and Fastify's `https`. */
  readonly key: string
  readonly cert: string
  /** The authority that a phone may be told to trust; also served for download. */
  readonly authority: string
  readonly authorityFile: string
}

export interface TlsOptions {
  readonly dataDir: string
  readonly addresses: readonly string[]
  readonly now: number
}

const dayMs = 86_400_000
const authorityName = 'Efir local authority'

/** Private networks and this machine: a stolen key of the authority can imitate nothing else. */
const privateRanges: readonly AddressRange[] = [
  { address: '10.0.0.0', prefixBits: 8 },
  { address: '172.16.0.0', prefixBits: 12 },
  { address: '192.168.0.0', prefixBits: 16 },
  { address: '169.254.0.0', prefixBits: 16 },
  { address: '127.0.0.0', prefixBits: 8 },
  { address: 'fc00::', prefixBits: 7 },
  { address: 'fe80::', prefixBits: 10 },
  { address: '::1', prefixBits: 128 },
]
const names = ['localhost', 'local']

/** Addresses of this machine that a phone in the same network can open; private ones when there are any. */
export function lanAddresses(interfaces = networkInterfaces()): string[] {
  const outer = Object.values(interfaces).flatMap((list) => (list ?? []).filter((one) => !one.internal && one.family === 'IPv4'))
  const all = [...new Set(outer.map((one) => one.address))].sort()
  const inner = all.filter((address) => isPrivate(address))
  return inner.length > 0 ? inner : all
}

function isPrivate(address: string): boolean {
  const list = new BlockList()
  for (const { address: range, prefixBits } of privateRanges) list.addSubnet(range, prefixBits, isIPv4(range) ? 'ipv4' : 'ipv6')
  return list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')
}

/** A certificate for these addresses, kept in the data folder; made anew when the addresses change or its end is near. */
export function openTls({ dataDir, addresses, now }: TlsOptions): Tls {
  const folder = join(dataDir, 'tls')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const wanted = [...new Set(['127.0.0.1', '::1', ...addresses])]
  const outside = wanted.filter((address) => !isPrivate(address))
  const authority = openAuthority(folder, outside, now)
  const kept = readPair(join(folder, 'server'))
  const good =
    kept &&
    lasts(kept.certificate, 30 * dayMs, now) &&
    kept.certificate.verify(authority.certificate.publicKey) &&
    wanted.every((one) => kept.certificate.checkIP(one))
  const server = good ? kept : makeServer(folder, authority, wanted, now)
  return {
    key: server.key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: server.certificate.toString() + authority.certificate.toString(),
    authority: authority.certificate.toString(),
    authorityFile: join(folder, 'authority.crt'),
  }
}

interface Pair {
  readonly key: KeyObject
  readonly certificate: X509Certificate
}

function openAuthority(folder: string, outside: readonly string[], now: number): Pair {
  const path = join(folder, 'authority')
  const kept = readPair(path)
  const allowedFile = join(folder, 'authority.json')
  if (kept && lasts(kept.certificate, 430 * dayMs, now)) {
    const allowed = JSON.parse(readFileSync(allowedFile, 'utf8')) as string[]
    if (outside.every((one) => allowed.includes(one))) return kept
  }
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const ranges = [...privateRanges, ...outside.map((address) => ({ address, prefixBits: isIPv4(address) ? 32 : 128 }))]
  const text = writeCertificate({
    commonName: authorityName,
    publicKey,
    issuer: { commonName: authorityName, publicKey, privateKey },
    notBeforeAt: now - dayMs,
    notAfterAt: now + 3650 * dayMs,
    use: { kind: 'authority', permitted: { names, ranges } },
  })
  writeFileSync(allowedFile, JSON.stringify(outside))
  return writePair(path, privateKey, text)
}

function makeServer(folder: string, authority: Pair, addresses: readonly string[], now: number): Pair {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const text = writeCertificate({
    commonName: 'Efir on this network',
    publicKey,
    issuer: { commonName: authorityName, publicKey: createPublicKey(authority.key), privateKey: authority.key },
    notBeforeAt: now - dayMs,
    // Browsers refuse server certificates that live longer than 398 days.
    notAfterAt: now + 390 * dayMs,
    use: { kind: 'server', names: ['localhost'], addresses },
  })
  return writePair(join(folder, 'server'), privateKey, text)
}

const lasts = (certificate: X509Certificate, atLeastMs: number, now: number): boolean =>
  now >= Date.parse(certificate.validFrom) && now + atLeastMs <= Date.parse(certificate.validTo)

/** null when a file is missing or was cut short: then both are made anew. */
function readPair(path: string): Pair | null {
  try {
    const pair = {
      key: createPrivateKey(readFileSync(`${path}.key`)),
      certificate: new X509Certificate(readFileSync(`${path}.crt`)),
    }
    return pair.certificate.checkPrivateKey(pair.key) ? pair : null
  } catch {
    return null
  }
}

function writePair(path: string, key: KeyObject, certificate: string): Pair {
  writeWhole(`${path}.key`, key.export({ type: 'pkcs8', format: 'pem' }).toString())
  writeWhole(`${path}.crt`, certificate)
  return { key, certificate: new X509Certificate(certificate) }
}

function writeWhole(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/** What the terminal shows for a phone: the address and the same as a QR code. */
export const qrFor = (url: string): string => `${renderUnicodeCompact(url, { border: 1 })}\n${url}\n`
