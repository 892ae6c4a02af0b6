import { createDecipheriv, createECDH, createPublicKey, type ECDH, hkdfSync, randomBytes, verify } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A push service and the browsers behind it, on loopback: it takes what the wire brings (RFC 8030) and the browser opens it (RFC 8291). */
export interface PushService extends AsyncDisposable {
  readonly origin: string
  readonly received: Received[]
  /** What it answers from now on for this browser. */
  answerWith(browser: TestBrowser, status: number): void
  subscribe(): TestBrowser
}
export interface TestBrowser {
  readonly endpoint: string
  readonly p256dh: string
  readonly auth: string
}
export interface Received {
  readonly endpoint: string
  readonly headers: IncomingHttpHeaders
  readonly note: Record<string, unknown>
  /** Of the signed token (RFC 8292). */
  readonly claims: { readonly aud: string; readonly exp: number; readonly sub: string }
}

const b64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')

export async function openPushService(): Promise<PushService> {
  const browsers = new Map<string, { key: ECDH; auth: Buffer; status: number }>()
  const received: Received[] = []
  const server = createServer((request, reply) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const browser = browsers.get(request.url ?? '')
      if (!browser) return reply.writeHead(404).end()
      if (browser.status === 201) {
        const note = JSON.parse(opened(Buffer.concat(chunks), browser.key, browser.auth)) as Record<string, unknown>
        const claims = claimsOf(request.headers.authorization ?? '')
        received.push({ endpoint: `${origin}${request.url}`, headers: request.headers, note, claims })
      }
      reply.writeHead(browser.status).end()
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    received,
    answerWith({ endpoint }, status) {
      const browser = browsers.get(new URL(endpoint).pathname)
      if (browser) browser.status = status
    },
    subscribe() {
      const key = createECDH('prime256v1')
      key.generateKeys()
      const auth = randomBytes(16)
      const path = `/push/${randomBytes(12).toString('hex')}`
      browsers.set(path, { key, auth, status: 201 })
      return { endpoint: origin + path, p256dh: b64(key.getPublicKey()), auth: b64(auth) }
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const derived = (salt: Buffer, key: Buffer, info: Buffer | string, length: number) =>
  Buffer.from(hkdfSync('sha256', key, salt, info, length))

/** RFC 8291, section 3.4, over the aes128gcm coding of RFC 8188, section 2. */
function opened(body: Buffer, key: ECDH, auth: Buffer): string {
  const salt = body.subarray(0, 16)
  const recordSize = body.readUInt32BE(16)
  const sender = body.subarray(21, 21 + body.readUInt8(20))
  const text = body.subarray(21 + sender.length)
  if (text.length > recordSize) throw new Error('more than one record')
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), key.getPublicKey(), sender])
  const ikm = derived(auth, key.computeSecret(sender), info, 32)
  const contentKey = derived(salt, ikm, 'Content-Encoding: aes128gcm\0', 16)
  const nonce = derived(salt, ikm, 'Content-Encoding: nonce\0', 12)
  const decipher = createDecipheriv('aes-128-gcm', contentKey, nonce).setAuthTag(text.subarray(-16))
  const plain = Buffer.concat([decipher.update(text.subarray(0, -16)), decipher.final()])
  const end = plain.findLastIndex((byte) => byte !== 0)
  if (plain[end] !== 2) throw new Error('the last record ends with 2')
  return plain.subarray(0, end).toString('utf8')
}

/** RFC 8292, section 3: the signature is checked by the key beside it. */
function claimsOf(authorization: string): Received['claims'] {
  const [, token = '', k = ''] = /^vapid t=([^,]+), ?k=(.+)$/.exec(authorization) ?? []
  const [head = '', claims = '', signature = ''] = token.split('.')
  const point = Buffer.from(k, 'base64url')
  const jwk = { kty: 'EC', crv: 'P-256', x: b64(point.subarray(1, 33)), y: b64(point.subarray(33)) }
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  const signed = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  )
  if (!signed) throw new Error('the token is not signed by its key')
  return JSON.parse(Buffer.from(claims, 'base64url').toString()) as Received['claims']
}
