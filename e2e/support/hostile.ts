import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { deflateSync, gzipSync } from 'node:zlib'
import sharp from 'sharp'

/** Sends these pieces over one line and gives back what came, at most `waitMs` later. */
export function shout(port: number, pieces: readonly (Buffer | string)[], waitMs = 400): Promise<string> {
  return new Promise((resolve) => {
    const line = connect({ port, host: '127.0.0.1' })
    let answer = ''
    const done = () => {
      line.destroy()
      resolve(answer)
    }
    const limit = setTimeout(done, waitMs)
    line.on('data', (bytes) => {
      if (answer.length < 4_000) answer += bytes.toString('latin1')
    })
    line.on('error', done).on('close', () => {
      clearTimeout(limit)
      done()
    })
    for (const piece of pieces) line.write(piece)
  })
}

export interface HostileFile {
  readonly name: string
  readonly type: string
  readonly bytes: Buffer
  /** May be taken, cleaned, as a picture. */
  readonly harmless?: boolean
}

/** Files that are not what they say, or far more than they look. */
export async function hostileFiles(): Promise<HostileFile[]> {
  const photo = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#a33' } })
    .jpeg()
    .toBuffer()
  const png = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#3a3' } })
    .png()
    .toBuffer()
  const script = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><image href="http://127.0.0.1:1/x"/></svg>',
  )
  return [
    { name: 'bomb.png', type: 'image/png', bytes: pngClaiming(30_000, 30_000) },
    { name: 'line.png', type: 'image/png', bytes: pngClaiming(2_000_000_000, 1) },
    { name: 'x.svg', type: 'image/svg+xml', bytes: script },
    { name: 'x.png', type: 'image/png', bytes: script },
    { name: 'page.jpg', type: 'image/jpeg', bytes: Buffer.from('<!doctype html><script>alert(1)</script>') },
    {
      name: 'polyglot.jpg',
      type: 'image/jpeg',
      bytes: Buffer.concat([photo, Buffer.from('<script>alert(1)</script>')]),
      harmless: true,
    },
    {
      name: 'polyglot.html',
      type: 'text/html',
      bytes: Buffer.concat([png, Buffer.from('<script>alert(1)</script>')]),
      harmless: true,
    },
    { name: 'torn.jpg', type: 'image/jpeg', bytes: photo.subarray(0, photo.length >> 1) },
    {
      name: 'noise.webp',
      type: 'image/webp',
      bytes: Buffer.concat([Buffer.from('RIFF\x10\x00\x00\x00WEBPVP8 '), randomBytes(5_000)]),
    },
    { name: 'zeros.avif', type: 'image/avif', bytes: Buffer.alloc(100_000) },
    { name: 'a.zip', type: 'image/png', bytes: gzipSync(Buffer.alloc(10_000_000)) },
    { name: 'a.pdf', type: 'application/pdf', bytes: Buffer.from('%PDF-1.7\n1 0 obj<</JS(app.alert(1))>>endobj') },
    { name: 'empty.png', type: 'image/png', bytes: Buffer.alloc(0) },
    { name: 'large.png', type: 'image/png', bytes: Buffer.concat([png, Buffer.alloc(16_000_000)]) },
    { name: '../../../etc/x.png', type: 'image/png', bytes: png, harmless: true },
    { name: 'x.png\u0000.js', type: 'image/png', bytes: png, harmless: true },
  ]
}

/** A few hundred bytes that claim so many pixels (PNG, chunks IHDR and IDAT). */
function pngClaiming(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const head = Buffer.alloc(8)
    head.writeUInt32BE(data.length)
    head.write(type, 4, 'latin1')
    const sum = Buffer.alloc(4)
    sum.writeUInt32BE(crc(Buffer.concat([Buffer.from(type, 'latin1'), data])))
    return Buffer.concat([head, data, sum])
  }
  const size = Buffer.alloc(13)
  size.writeUInt32BE(width)
  size.writeUInt32BE(height, 4)
  size.writeUInt8(1, 8)
  const pixels = deflateSync(Buffer.alloc(2_000_000))
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', size),
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function crc(bytes: Buffer): number {
  let sum = 0xffffffff
  for (const byte of bytes) {
    sum ^= byte
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1
  }
  return (sum ^ 0xffffffff) >>> 0
}

/** Requests that servers and the proxies before them have read differently. */
export const tornRequests: readonly string[] = [
  'GET / HTTP/1.1\r\n',
  'GET / HTTP/9.9\r\n\r\n',
  '\r\n\r\n\r\n',
  'GET\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n',
  'GET http://169.254.169.254/ HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET //evil.example/..%2f HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET /media/live/../../../../etc/passwd HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET /assets/..%2f..%2f..%2fetc%2fpasswd HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET /%ff%fe HTTP/1.1\r\nHost: a\r\n\r\n',
  `GET /${'a'.repeat(30_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
  `GET / HTTP/1.1\r\nHost: a\r\nCookie: ${'a=b; '.repeat(8_000)}\r\n\r\n`,
  `GET / HTTP/1.1\r\nHost: a\r\n${'X: y\r\n'.repeat(3_000)}\r\n`,
  'POST /api/room HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n',
  'POST /media/whip/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\nffffffffffffffff\r\n',
  'POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n',
  'POST /api/x HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n',
  'GET /room HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
  'GET /room HTTP/1.1\r\nHost: a\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABk\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: a\r\nRange: bytes=0-,0-,0-,0-,0-,0-,0-,0-\r\n\r\n',
  'GET /api/%E0%A4%A HTTP/1.1\r\nHost: a\r\n\r\n',
]
