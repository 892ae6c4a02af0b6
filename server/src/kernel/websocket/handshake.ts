import { hash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

export interface HandshakeRequest {
  readonly method?: string | undefined
  readonly httpVersion: string
  readonly headers: IncomingHttpHeaders
}
export type Handshake =
  | { readonly ok: true; readonly answer: string }
  | { readonly ok: false; readonly status: string; readonly headers: string }

/** RFC 6455, 1.3: proves that the answer is to this handshake and from somebody who speaks the protocol. */
const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
/** 4.2.1: sixteen bytes in base64. */
const keyForm = /^[A-Za-z0-9+/]{21}[AQgw]==$/

/** The server's half of the opening handshake (RFC 6455, 4.2.1 and 4.2.2). No extension and no subprotocol is ever accepted. */
export function shakeHands({ method, httpVersion, headers }: HandshakeRequest): Handshake {
  const key = headers['sec-websocket-key']
  if (method !== 'GET') return refusal('405 Method Not Allowed', 'Allow: GET\r\n')
  if (httpVersion !== '1.1') return refusal('505 HTTP Version Not Supported')
  if (!names(headers.upgrade, 'websocket') || !names(headers.connection, 'upgrade')) return refusal('400 Bad Request')
  if (headers.host === undefined || typeof key !== 'string' || !keyForm.test(key)) return refusal('400 Bad Request')
  // 4.4: says which version it could be.
  if (headers['sec-websocket-version'] !== '13') return refusal('426 Upgrade Required', 'Sec-WebSocket-Version: 13\r\n')
  const accept = hash('sha1', key + guid, 'base64')
  return {
    ok: true,
    answer: `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  }
}

const refusal = (status: string, headers = ''): Handshake => ({ ok: false, status, headers })

/** Whether a comma-separated header contains a word, in whatever case. */
const names = (header: string | undefined, word: string): boolean =>
  header !== undefined &&
  (header.toLowerCase() === word ||
    header
      .toLowerCase()
      .split(',')
      .some((one) => one.trim() === word))
