import { createPrivateKey, createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, createServer } from 'node:tls'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lanAddresses, openTls, qrFor, type Tls } from './lan.ts'
import { addressBytes, writeCertificate } from './x509.ts'

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'efir-lan-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

const dayMs = 86_400_000
const now = Date.now()
const leafOf = (tls: Tls) => new X509Certificate(tls.cert)

/** Resolves with the failure of a real handshake, or null when the client trusts the server. */
async function handshake(tls: Tls, checkedName: { servername?: string }): Promise<string | null> {
  const server = createServer({ key: tls.key, cert: tls.cert }, (socket) => socket.end())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await new Promise((resolve) => {
      const { port } = server.address() as AddressInfo
      const socket = connect({ host: '127.0.0.1', port, ca: tls.authority, ...checkedName }, () => resolve(null))
      socket.once('error', (problem) => resolve(problem.message))
      socket.resume()
    })
  } finally {
    server.close()
  }
}

test('a client that trusts the authority accepts the server by address and as localhost', async () => {
  const tls = openTls({ dataDir, addresses: ['192.168.1.20'], now })
  expect(await handshake(tls, {})).toBeNull()
  expect(await handshake(tls, { servername: 'localhost' })).toBeNull()
  expect(await handshake(tls, { servername: 'bank.example' })).toMatch(/altnames/)
  expect(leafOf(tls).checkIP('192.168.1.20')).toBe('192.168.1.20')
  expect(statSync(join(dataDir, 'tls/server.key')).mode & 0o077).toBe(0)
})

test('the certificate stays until the addresses change or its end is near; the authority stays', () => {
  const first = openTls({ dataDir, addresses: ['192.168.1.20'], now })
  expect(openTls({ dataDir, addresses: ['192.168.1.20'], now: now + 300 * dayMs }).cert).toBe(first.cert)
  const moved = openTls({ dataDir, addresses: ['10.0.0.7'], now })
  expect(moved.cert).not.toBe(first.cert)
  const later = openTls({ dataDir, addresses: ['10.0.0.7'], now: now + 370 * dayMs })
  expect(later.cert).not.toBe(moved.cert)
  expect([moved.authority, later.authority]).toEqual([first.authority, first.authority])
})

test('the authority vouches for private networks only, and for a public address only when the machine has it', () => {
  const tls = openTls({ dataDir, addresses: ['192.168.1.20'], now })
  const outside = openTls({ dataDir, addresses: ['203.0.113.9'], now })
  expect(outside.authority).not.toBe(tls.authority)
  expect(leafOf(outside).checkIP('203.0.113.9')).toBe('203.0.113.9')
})

test('an authority constrained to private networks is not believed for another address', async () => {
  const tls = openTls({ dataDir, addresses: [], now })
  const stolen = createPrivateKey(readFileSync(join(dataDir, 'tls/authority.key')))
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const forged = writeCertificate({
    commonName: 'bank',
    publicKey,
    issuer: { commonName: 'Efir local authority', publicKey: createPublicKey(stolen), privateKey: stolen },
    notBeforeAt: now - dayMs,
    notAfterAt: now + dayMs,
    use: { kind: 'server', names: ['bank.example'], addresses: ['203.0.113.9'] },
  })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  expect(await handshake({ ...tls, key, cert: forged + tls.authority }, { servername: 'bank.example' })).toMatch(
    /permitted subtree/,
  )
})

test('damaged files are replaced', async () => {
  openTls({ dataDir, addresses: [], now })
  writeFileSync(join(dataDir, 'tls/server.crt'), 'cut')
  writeFileSync(join(dataDir, 'tls/authority.key'), '')
  expect(await handshake(openTls({ dataDir, addresses: [], now }), {})).toBeNull()
})

test('validity past 2049 is written in the longer form', () => {
  const tls = openTls({ dataDir, addresses: [], now: Date.UTC(2045, 0, 1) })
  expect(new Date(new X509Certificate(tls.authority).validTo).getUTCFullYear()).toBe(2054)
})

test('addresses of other machines in the network come first, loopback never', () => {
  const one = (address: string, internal = false) => ({
    address,
    internal,
    family: 'IPv4' as const,
    netmask: '',
    mac: '',
    cidr: null,
  })
  expect(lanAddresses({ lo: [one('127.0.0.1', true)], eth0: [one('192.168.0.5'), one('203.0.113.9')] })).toEqual(['192.168.0.5'])
  expect(lanAddresses({ eth0: [one('203.0.113.9')] })).toEqual(['203.0.113.9'])
  expect(addressBytes('fe80::1').toString('hex')).toBe('fe800000000000000000000000000001')
})

test('the QR code is followed by the address in letters', () => {
  expect(qrFor('https://192.168.1.20:3000/')).toMatch(/█.*\nhttps:\/\/192\.168\.1\.20:3000\/\n$/s)
})
