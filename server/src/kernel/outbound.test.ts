import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { isPublicAddress, OutboundRefused, openOutbound } from './outbound.ts'

const reasonOf = (sent: Promise<unknown>) =>
  sent.then(
    () => 'sent',
    (problem: unknown) => (problem instanceof OutboundRefused ? problem.reason : `failed: ${(problem as Error).message}`),
  )

async function listening(answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

test.each([
  '0.0.0.0',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.0.9',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '192.0.2.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:a00:1',
  '::ffff:169.254.169.254',
  '64:ff9b::10.0.0.1',
  '64:ff9b::1',
  '::127.0.0.1',
  'fe80::1',
  'fe80::1%eth0',
  'fc00::1',
  'fd12:3456::1',
  'ff02::1',
  '2001:db8::1',
  '2001::1',
  '2002:7f00:1::1',
  'not an address',
])('%s is not a public address', (address) => expect(isPublicAddress(address)).toBe(false))

test.each(['1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111', '::ffff:8.8.8.8', '64:ff9b::8.8.8.8'])(
  '%s is a public address',
  (address) => expect(isPublicAddress(address)).toBe(true),
)

test.each([
  ['https://example.com/hook', null],
  ['https://example.com:8443/hook', null],
  ['https://1.1.1.1/', null],
  ['http://example.com/', 'not_https'],
  ['ftp://example.com/', 'not_a_web_address'],
  ['file:///etc/passwd', 'not_a_web_address'],
  ['nonsense', 'not_a_web_address'],
  ['https://me:secret@example.com/', 'holds_a_password'],
  ['https://localhost/', 'not_public'],
  ['https://db/', 'not_public'],
  ['https://a.localhost/', 'not_public'],
  ['https://metadata.google.internal/', 'not_public'],
  ['https://127.0.0.1/', 'not_public'],
  ['https://2130706433/', 'not_public'],
  ['https://0x7f.1/', 'not_public'],
  ['https://0177.0.0.1/', 'not_public'],
  ['https://[::1]/', 'not_public'],
  ['https://[::ffff:7f00:1]/', 'not_public'],
  ['https://127。0。0。1/', 'not_public'],
])('%s before any look-up: %s', (url, reason) => {
  using outbound = openOutbound()
  expect(outbound.refuses(url)).toBe(reason)
})

test('a public name that leads to a private address is refused, and so is one that leads to both', async () => {
  await using inside = await listening((_, reply) => reply.end('secret'))
  for (const found of [['127.0.0.1'], ['::1'], ['::ffff:127.0.0.1'], ['93.184.215.14', '10.0.0.5'], []]) {
    using outbound = openOutbound({
      lookup: async () => found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    })
    expect(await reasonOf(outbound.fetch(`https://looks-fine.example:${inside.port}/`))).toBe('not_public')
  }
})

test('the address that was checked is the one that is dialled: the name is looked up once', async () => {
  let lookups = 0
  using outbound = openOutbound({
    lookup: async () => {
      lookups++
      return [{ address: lookups === 1 ? '203.0.113.7' : '127.0.0.1', family: 4 }]
    },
  })
  expect(await reasonOf(outbound.fetch('https://rebinding.example/'))).toBe('not_public')
  expect(lookups).toBe(1)
})

test('an allowed host is reached with method, headers and body, and a redirect is handed back unfollowed', async () => {
  let followed = false
  await using server = await listening((request, reply) => {
    if (request.url === '/private') followed = true
    request.setEncoding('utf8')
    let body = ''
    request.on('data', (chunk: string) => {
      body += chunk
    })
    request.on('end', () =>
      reply
        .writeHead(302, { location: '/private', 'x-saw': `${request.method} ${request.headers['x-mark']} ${body}` })
        .end('over there'),
    )
  })
  using outbound = openOutbound({ allow: [`127.0.0.1:${server.port}`] })
  const answer = await outbound.fetch(server.url, { method: 'POST', headers: { 'x-mark': 'm' }, body: 'b=1' })
  expect([answer.status, answer.headers.get('x-saw'), await answer.text()]).toEqual([302, 'POST m b=1', 'over there'])
  expect(followed).toBe(false)
  expect(outbound.refuses('http://127.0.0.1:1/')).toBe('not_https')
})

test('an answer without end or beyond its limit is cut, and the process goes on', async () => {
  await using endless = await listening((_, reply) => {
    reply.writeHead(200)
    const more = () => {
      if (!reply.destroyed) reply.write(Buffer.alloc(65_536), () => setImmediate(more))
    }
    more()
  })
  await using silent = await listening(() => undefined)
  using outbound = openOutbound({ allow: ['127.0.0.1'] })
  expect(await reasonOf(outbound.fetch(endless.url, { maxAnswerBytes: 200_000 }))).toBe('answer_too_large')
  expect(await reasonOf(outbound.fetch(silent.url, { timeoutMs: 50 }))).toMatch(/^failed: .*(abort|timeout)/i)
})

test('an answer without a body, and one that is not HTTP', async () => {
  await using empty = await listening((_, reply) => reply.writeHead(204).end())
  await using garbage = await listening((request) => request.socket.end('no such protocol\r\n\r\n'))
  using outbound = openOutbound({ allow: ['127.0.0.1'] })
  expect((await outbound.fetch(empty.url)).status).toBe(204)
  expect(await reasonOf(outbound.fetch(garbage.url))).toMatch(/^failed: /)
})
