import { once } from 'node:events'
import { Agent, createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { openDrain } from './drain.ts'

/** A server whose `/slow` answers when it is let. */
async function slowServer() {
  const held: (() => void)[] = []
  const server = createServer((req, res) => {
    if (req.url === '/slow') held.push(() => res.end('late'))
    else res.end('now')
  })
  const drain = openDrain(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, drain, held, port: (server.address() as AddressInfo).port }
}

function ask(port: number, path: string, agent?: Agent): Promise<{ text: string; connection: string | undefined }> {
  return new Promise((resolve, reject) => {
    const out = request({ port, path, agent, host: '127.0.0.1' }, (answer) => {
      let text = ''
      answer.on('data', (part: Buffer) => {
        text += part
      })
      answer.on('end', () => resolve({ text, connection: answer.headers.connection }))
    })
    out.on('error', reject)
    out.end()
  })
}

test('who was being answered is answered, who comes newly is not taken', async () => {
  const { drain, held, port, server } = await slowServer()
  const slow = ask(port, '/slow')
  await expect.poll(() => held.length).toBe(1)
  expect(drain.underWay()).toBe(1)
  const left = drain.leave(0)
  await expect.poll(() => server.listening).toBe(false)
  await expect(ask(port, '/')).rejects.toThrow('ECONNREFUSED')
  held[0]?.()
  expect(await slow).toEqual({ text: 'late', connection: 'close' })
  await left
  expect(drain.underWay()).toBe(0)
})

test('a kept connection is served once more and told to close, so nobody loses a request in a race', async () => {
  const { drain, port } = await slowServer()
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  expect(await ask(port, '/', agent)).toEqual({ text: 'now', connection: 'keep-alive' })
  const left = drain.leave(5_000)
  expect(await ask(port, '/', agent)).toEqual({ text: 'now', connection: 'close' })
  await left
  agent.destroy()
})

test('an idle connection does not hold anybody up for longer than said', async () => {
  const { drain, port, server } = await slowServer()
  const agent = new Agent({ keepAlive: true })
  await ask(port, '/', agent)
  await drain.leave(50)
  agent.destroy()
  server.closeAllConnections()
})
