import { expect, test } from 'vitest'
import { shakeHands } from './handshake.ts'

const headers = {
  host: 'x',
  upgrade: 'websocket',
  connection: 'Upgrade',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-version': '13',
}
const shake = (more: object = {}, request: object = {}) =>
  shakeHands({ method: 'GET', httpVersion: '1.1', headers: { ...headers, ...more }, ...request })
const status = (answer: ReturnType<typeof shakeHands>) => (answer.ok ? 101 : Number(answer.status.slice(0, 3)))

test('[WS1] the example of RFC 6455, 1.3; other words in the headers and other cases do not matter', () => {
  const answer = shake()
  expect(answer.ok && answer.answer).toContain('Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n')
  expect(status(shake({ connection: 'keep-alive, UPGRADE', upgrade: 'WebSocket' }))).toBe(101)
})

test('[WS1] no extension and no subprotocol is agreed on', () => {
  const answer = shake({ 'sec-websocket-extensions': 'permessage-deflate', 'sec-websocket-protocol': 'chat, mqtt' })
  expect(answer.ok && answer.answer).not.toMatch(/extensions|protocol:/i)
})

test('[WS1] what is not a handshake of this version is refused, and told why', () => {
  expect(status(shake({}, { method: 'POST' }))).toBe(405)
  expect(status(shake({}, { httpVersion: '1.0' }))).toBe(505)
  for (const more of [
    { upgrade: 'h2c' },
    { upgrade: undefined },
    { connection: 'keep-alive' },
    { connection: undefined },
    { host: undefined },
    { 'sec-websocket-key': undefined },
    { 'sec-websocket-key': 'dGhlIHNhbXBsZQ==' },
    { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZR==' },
    { 'sec-websocket-key': `${headers['sec-websocket-key']}\r\nX: y` },
  ])
    expect(status(shake(more))).toBe(400)
  const old = shake({ 'sec-websocket-version': '8' })
  expect(old).toEqual({ ok: false, status: '426 Upgrade Required', headers: 'Sec-WebSocket-Version: 13\r\n' })
})
