import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { systemClock } from '../clock.ts'
import { shakeHands } from './handshake.ts'
import { isSwift, Line } from './line.ts'

const open: (() => void)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

/** A server that hands out each line with what it heard. */
async function serve(goodbyeMs = 2_000) {
  const heard: string[] = []
  const gone: number[] = []
  const server = createServer()
  let arrived: (line: Line) => void = () => undefined
  server.on('upgrade', (request, socket: Socket, head) => {
    socket.on('error', () => socket.destroy())
    const handshake = shakeHands(request)
    if (!handshake.ok) throw new Error(handshake.status)
    const line = new Line(socket, { clock: systemClock, goodbyeMs })
    line.open(
      handshake.answer,
      { text: (text) => void heard.push(text), binary: () => void heard.push('binary'), gone: (code) => void gone.push(code) },
      head,
    )
    arrived(line)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(() => void server.close())
  const { port } = server.address() as AddressInfo
  const next = () =>
    new Promise<Line>((resolve) => {
      arrived = resolve
    })
  return { port, heard, gone, next }
}

const hello =
  'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
const until = async (done: () => boolean) => {
  for (let tries = 0; tries < 1_000 && !done(); tries++) await new Promise((resolve) => setTimeout(resolve, 5))
}

function textFrame(text: string): Buffer {
  const body = Buffer.from(text)
  const head = Buffer.from([0x81, 126, body.length >> 8, body.length & 255])
  return Buffer.concat([head, body])
}

test('[WS8] frames arrive whole and in order though the peer did not read for long; what waits is counted', async () => {
  const { port, next } = await serve()
  const coming = next()
  const peer = connect(port, '127.0.0.1', () => peer.write(hello))
  peer.pause()
  open.push(() => peer.destroy())
  const line = await coming
  const frame = (n: number) => textFrame(`${String(n).padStart(6, '0')}${'x'.repeat(20_000)}`)
  let most = 0
  for (let n = 0; n < 1_000; n++) {
    line.write(frame(n))
    most = Math.max(most, line.queued())
    // Both ways must take turns: past the stream while nothing waits, through it behind what does.
    if (n % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  expect(isSwift()).toBe(true)
  expect(most).toBeGreaterThan(5_000_000)
  let bytes = Buffer.alloc(0)
  const parts: Buffer[] = []
  let size = 0
  peer.on('data', (part) => {
    parts.push(part)
    size += part.length
  })
  peer.resume()
  const whole = 1_000 * 20_010
  await until(() => size > whole)
  await until(() => line.queued() === 0)
  expect(line.queued()).toBe(0)
  bytes = Buffer.concat(parts)
  bytes = bytes.subarray(bytes.indexOf('\r\n\r\n') + 4)
  expect(bytes.length).toBe(whole)
  for (let n = 0; n < 1_000; n++)
    expect(bytes.toString('latin1', n * 20_010 + 4, n * 20_010 + 10)).toBe(String(n).padStart(6, '0'))
})

test('[WS8] lines that are torn while frames are written harm nobody', async () => {
  const { port, next, gone } = await serve()
  const lines: Line[] = []
  for (let i = 0; i < 30; i++) {
    const coming = next()
    const peer = connect(port, '127.0.0.1', () => peer.write(hello))
    peer.on('error', () => undefined)
    peer.pause()
    const line = await coming
    lines.push(line)
    for (let n = 0; n < 300 && i % 2 === 0; n++) line.write(textFrame('y'.repeat(20_000)))
    peer.resetAndDestroy()
  }
  for (let tries = 0; tries < 200 && gone.length < 30; tries++) {
    for (const line of lines) line.write(textFrame('late'))
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  expect(gone).toEqual(Array(30).fill(1006))
})

test('[WS6] a goodbye of either side is answered with its code', async () => {
  const { port, next, gone, heard } = await serve()
  let coming = next()
  const first = new WebSocket(`ws://127.0.0.1:${port}`)
  await coming
  await new Promise((resolve) => first.on('open', resolve))
  first.send('one')
  first.close(4321, 'enough')
  expect(await new Promise((resolve) => first.on('close', resolve))).toBe(4321)
  coming = next()
  const second = new WebSocket(`ws://127.0.0.1:${port}`)
  const line = await coming
  line.close(4100, 'why')
  line.write(textFrame('late'))
  const said = await new Promise((resolve) => second.on('close', (code, reason) => resolve([code, String(reason)])))
  expect(said).toEqual([4100, 'why'])
  await until(() => gone.length === 2)
  expect([gone, heard]).toEqual([[4321, 4100], ['one']])
})

test('[WS6] whoever does not hang up is cut off, and nothing it says is passed on', async () => {
  const { port, next, gone, heard } = await serve(50)
  const coming = next()
  const peer = connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => peer.write(hello))
  peer.on('error', () => undefined)
  peer.resume()
  const line = await coming
  line.close(4000, '')
  peer.write(Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x61]))
  open.push(() => peer.destroy())
  await until(() => gone.length === 1)
  expect([gone, heard]).toEqual([[4000], []])
})

test('[WS7] a ping is answered with its payload, and what comes with the handshake is heard', async () => {
  const { port, next, heard } = await serve()
  const coming = next()
  const ping = new WebSocket(`ws://127.0.0.1:${port}`)
  await coming
  await new Promise((resolve) => ping.on('open', resolve))
  ping.ping('are you there')
  expect(String(await new Promise((resolve) => ping.on('pong', resolve)))).toBe('are you there')
  ping.terminate()
  const early = connect(port, '127.0.0.1', () => {
    early.write(Buffer.concat([Buffer.from(hello), Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0x61])]))
  })
  open.push(() => early.destroy())
  await until(() => heard.length === 1)
  expect(heard).toEqual(['a'])
})
