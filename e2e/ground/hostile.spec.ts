import { randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startCode } from '@efir/contract/identity.ts'
import { makeStreamKey } from '@efir/contract/media.ts'
import { showPage } from '@efir/contract/shows.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hostileTexts } from '../../server/test/hostile/texts.ts'
import { type Efir, secretOf, startEfir } from '../support/efir.ts'
import { hostileFiles, shout, tornRequests } from '../support/hostile.ts'
import { goOnAir, type OnAir } from '../support/on-air.ts'
import { becomeOperator, openShop, operatorPassword } from '../support/shop.ts'
import { openVisitor, type Visitor } from '../support/visitor.ts'

/** Everything that can be reached from outside is given what nobody should send, while a show is on air. */
let efir: Efir
let owner: Visitor
let shopId: string
let air: OnAir
let key: { secret: string; rtmpUrl: string; whipUrl: string }
let liveUrl: string
let before: { processes: string; rssMb: number }

beforeAll(async () => {
  efir = await startEfir({ env: { EFIR_LOG: 'debug' } })
  owner = await becomeOperator(efir.base, efir.setUpCode())
  shopId = (await openShop(owner, { name: 'Target', slug: 'target' })).shopId
  air = await goOnAir(owner, shopId)
  key = await owner.must(makeStreamKey, { showId: air.showId })
  liveUrl = (await owner.must(showPage, { showId: air.showId })).playback?.liveUrl as string
  before = { processes: processes().join(), rssMb: rssMb() }
}, 120_000)
afterAll(async () => {
  await air?.stop()
  await efir?.stop()
})

/** The server and what it started, except the publisher and PostgreSQL's changing backends. */
function processes(): number[] {
  const own = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('media/src/main.ts')
  return [efir.pid(), ...childrenOf(efir.pid()).filter(own)]
}
function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
}
const rssMb = (): number =>
  processes().reduce(
    (sum, pid) => sum + Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024,
    0,
  )

async function stillWell(): Promise<void> {
  const health = await fetch(`${efir.base}/healthz`)
  expect([health.status, await health.json()]).toEqual([200, { ok: true, database: true, media: true }])
  expect(processes().join()).toBe(before.processes)
  const playlist = await fetch(new URL(liveUrl, efir.base))
  expect(playlist.status).toBe(200)
}

test('torn, doubled and endless requests are refused, and lines that say nothing hold up nobody', async () => {
  const idle = Array.from({ length: 200 }, () => shout(efir.port, ['GET / HTTP/1.1\r\nX-Slow: '], 4_000))
  for (const text of tornRequests) {
    const answer = await shout(efir.port, [text], 250)
    expect([text.slice(0, 60), /^HTTP\/1\.1 (5(?!03|05)\d\d)/.exec(answer)?.[1]]).toEqual([text.slice(0, 60), undefined])
    expect(answer).not.toContain('root:')
  }
  await Promise.all(Array.from({ length: 100 }, () => shout(efir.port, [randomBytes(2_000)], 300)))
  await stillWell()
  await Promise.all(idle)
})

test('files that are not pictures are refused, and what is taken carries nothing on', async () => {
  for (const { name, type, bytes, harmless } of await hostileFiles()) {
    const outcome = await owner.upload(`/api/shops/${shopId}/pictures`, name, bytes, type).then(
      (picture) => picture,
      (problem: Error) => problem.message,
    )
    if (typeof outcome === 'string')
      expect([name, /: 4\d\d /.test(outcome), outcome.includes('picture_') || outcome.includes('bad_input')]).toEqual([
        name,
        true,
        true,
      ])
    else {
      expect([name, harmless]).toEqual([name, true])
      const kept = await fetch(`${efir.base}${outcome.base}/160.webp`)
      expect([kept.status, kept.headers.get('content-type')]).toEqual([200, 'image/webp'])
      expect(Buffer.from(await kept.arrayBuffer()).includes('script')).toBe(false)
    }
  }
  await stillWell()
})

test('noise in the doors of publishers ends their line only', async () => {
  const rtmp = Number(new URL(key.rtmpUrl.replace('rtmp:', 'http:')).port)
  const hello = Buffer.concat([Buffer.from([3]), randomBytes(1_536)])
  for (let i = 0; i < 25; i++) {
    await shout(rtmp, [randomBytes(400 * (i + 1))], 60)
    await shout(rtmp, [hello, randomBytes(1_536), randomBytes(8_000)], 60)
  }
  const whip = new URL(key.whipUrl, efir.base)
  for (const sdp of [
    '',
    'v=0',
    'v=0\r\n'.repeat(20_000),
    `v=0\r\nm=video 9 ${'9'.repeat(5_000)}`,
    ...hostileTexts.slice(0, 30),
  ]) {
    const answer = await fetch(whip, {
      method: 'POST',
      headers: { 'content-type': 'application/sdp', authorization: `Bearer ${key.secret}` },
      body: sdp.toWellFormed(),
    })
    expect([sdp.slice(0, 30), answer.status >= 400 && answer.status < 500]).toEqual([sdp.slice(0, 30), true])
  }
  await stillWell()
})

test('questions without sense to the picture are answered at once', async () => {
  const list = new URL(liveUrl, efir.base)
  const values = ['-1', '99999999999999999999', '1e9', 'NaN', '', '1&_HLS_msn=2', '%00', "1'--", '0x10', '../..']
  for (const name of ['_HLS_msn', '_HLS_part', '_HLS_skip', 'token', '__proto__']) {
    for (const value of values) {
      const answer = await fetch(`${list.href}${list.search ? '&' : '?'}${name}=${value}`, { signal: AbortSignal.timeout(8_000) })
      expect([name, value, answer.status < 500 || answer.status === 503]).toEqual([name, value, true])
      await answer.arrayBuffer()
    }
  }
  await stillWell()
})

test('frames against the rules close a socket and no other', async () => {
  const hello = `GET /room HTTP/1.1\r\nHost: 127.0.0.1:${efir.port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n\r\n`
  const frames = [
    Buffer.from([0x81, 0x05, 1, 2, 3, 4, 5]),
    Buffer.from([0x81, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]),
    Buffer.from([0x89, 0xfe, 0x00, 0xff, 0, 0, 0, 0]),
    Buffer.from([0xf1, 0x80, 0, 0, 0, 0]),
    Buffer.from([0x80, 0x80, 0, 0, 0, 0]),
    Buffer.from([0x88, 0x81, 0, 0, 0, 0, 1]),
    ...Array.from({ length: 40 }, () => randomBytes(200)),
  ]
  for (const frame of frames) await shout(efir.port, [hello, frame], 60)
  await stillWell()
})

test('after all of it memory is where it was, and no secret stands in a log', async () => {
  const code = openVisitor(efir.base)
  await code.must(startCode, { email: 'leak@example.com' })
  await pause(1_500)
  expect(rssMb() - before.rssMb).toBeLessThan(300)
  const cookies = owner.cookies().map(({ value }) => value)
  const letters = await (await fetch(`${efir.base}/dev/mail`)).text()
  const mailed = /\b\d{6}\b/.exec(letters)?.[0]
  const secrets = [key.secret, operatorPassword, secretOf(efir), ...cookies].filter((text) => text.length > 8)
  const logs = [efir.output(), ...logFiles(efir.dataDir)].join('\n')
  expect(logs.length).toBeGreaterThan(1_000)
  for (const secret of secrets) expect([secret.slice(0, 4), logs.includes(secret)]).toEqual([secret.slice(0, 4), false])
  expect(mailed === undefined || !logs.includes(`"${mailed}"`)).toBe(true)
})

const logFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.log') && !name.startsWith('postgres/base'))
    .map((name) => readFileSync(join(folder, name), 'latin1'))
