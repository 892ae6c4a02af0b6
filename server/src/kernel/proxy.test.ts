import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, request, type Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { openProxy } from './proxy.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** A proxy on a port, and behind it what `answer` says. */
async function between(answer: Parameters<typeof createServer>[1]): Promise<{ port: number; behind: Server }> {
  const dir = await mkdtemp(join(tmpdir(), 'efir-proxy-'))
  const socket = join(dir, 's')
  const behind = createServer(answer)
  await new Promise<void>((resolve) => behind.listen(socket, resolve))
  const front = createServer(openProxy({ socket, cut: '/media', timeoutMs: 5_000, most: 3 }))
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve))
  cleanups.push(
    () => rm(dir, { recursive: true }),
    () => behind.close(),
    () => front.close(),
    () => behind.closeAllConnections(),
    () => front.closeAllConnections(),
  )
  return { port: (front.address() as AddressInfo).port, behind }
}

test('a process that dies in the middle of its answer ends the answer of the proxy too', async () => {
  const { port } = await between((_, res) => {
    res.writeHead(200, { 'content-length': 1_000_000 })
    res.write('half', () => res.destroy())
  })
  const how = await new Promise<string>((resolve) => {
    const ask = request({ port, path: '/media/live/x' }, (answer) => {
      answer.on('data', () => undefined)
      answer.on('end', () => resolve('whole'))
      answer.on('error', () => resolve('torn'))
    })
    ask.on('error', () => resolve('torn'))
    ask.end()
  })
  expect(how).toBe('torn')
})

test('who hangs up is hung up on behind, and one who is torn away harms nobody', async () => {
  let gone = 0
  const { port } = await between((req, res) => {
    req.on('error', () => undefined)
    res.on('close', () => gone++)
    if (req.method === 'GET') res.write('waiting')
  })
  const asks = [
    'GET /media/live/x HTTP/1.1\r\nHost: x\r\n\r\n',
    'POST /media/whip/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nhalf',
  ]
  for (const ask of asks) {
    const line: Socket = connect(port, '127.0.0.1', () => void line.write(ask))
    line.on('error', () => undefined)
    setTimeout(() => line.resetAndDestroy(), 100)
  }
  await expect.poll(() => gone).toBe(2)
})

test('a body without a length cannot carry a request of its own to the process behind', async () => {
  const seen: string[] = []
  const { port } = await between((req, res) => {
    seen.push(`${req.method} ${req.url}`)
    req.resume()
    req.on('end', () => res.end('x'))
  })
  const smuggled = 'GET /control/x HTTP/1.1\r\nHost: x\r\n\r\n'
  for (const method of ['GET', 'HEAD', 'DELETE', 'OPTIONS', 'POST']) {
    await new Promise<void>((resolve) => {
      const line = connect(port, '127.0.0.1')
      line.write(
        `${method} /media/live/${method} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n${smuggled.length.toString(16)}\r\n${smuggled}\r\n0\r\n\r\n`,
      )
      line.on('error', () => undefined)
      line.on('data', () => undefined)
      line.on('close', () => resolve())
    })
  }
  expect(seen.filter((one) => one.includes('control'))).toEqual([])
  expect(seen).toContain('POST /live/POST')
})

test('beyond the limit nobody waits in a queue, and a place that is free is taken again', async () => {
  let held: (() => void)[] = []
  const { port } = await between((_, res) => void held.push(() => res.end('ok')))
  const ask = () =>
    new Promise<number>((resolve, reject) => {
      request({ port, path: '/media/live/x', agent: false }, (answer) => {
        answer.resume()
        answer.on('end', () => resolve(answer.statusCode ?? 0))
      })
        .once('error', reject)
        .end()
    })
  const first = [ask(), ask(), ask()]
  while (held.length < 3) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(await ask()).toBe(503)
  for (const release of held) release()
  expect(await Promise.all(first)).toEqual([200, 200, 200])
  held = []
  const later = ask()
  while (held.length < 1) await new Promise((resolve) => setTimeout(resolve, 5))
  held[0]?.()
  expect(await later).toBe(200)
})
