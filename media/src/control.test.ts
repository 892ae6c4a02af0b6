import { mkdtempSync, rmSync } from 'node:fs'
import { request, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createControl } from './control.ts'

const folder = mkdtempSync(join(tmpdir(), 'efir-control-'))
const socketPath = join(folder, 'control.sock')
const asked: string[] = []
let control: Server

beforeAll(async () => {
  control = createControl({
    secret: 'a secret that is long enough to be one',
    sessions: undefined as never,
    log: { error: () => undefined } as never,
    health: () => ({ well: true }),
    figures: () => ({}),
    live(asking, response, path) {
      asked.push(`${path} of ${asking.url}`)
      if (path !== '/shw_1/live.m3u8') return Promise.resolve(false)
      response.end('#EXTM3U')
      return Promise.resolve(true)
    },
    whip: () => Promise.reject(new Error('broken')),
    whep: () => Promise.resolve(),
    heard: () => undefined,
    shutdown: () => undefined,
  })
  await new Promise<void>((resolve) => control.listen(socketPath, resolve))
})
afterAll(async () => {
  control.closeAllConnections()
  await new Promise((resolve) => control.close(resolve))
  rmSync(folder, { recursive: true })
})

const ask = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<number> =>
  new Promise((resolve, reject) => {
    request({ socketPath, path, headers, method }, (answer) => {
      answer.resume()
      resolve(answer.statusCode ?? 0)
    })
      .once('error', reject)
      .end()
  })

test('a blocking reload finds its playlist: the query is no part of the path', async () => {
  expect(await ask('/live/shw_1/live.m3u8?_HLS_msn=7&_HLS_part=2&_HLS_skip=YES')).toBe(200)
  expect(asked.at(-1)).toBe('/shw_1/live.m3u8 of /live/shw_1/live.m3u8?_HLS_msn=7&_HLS_part=2&_HLS_skip=YES')
  expect(await ask('/live/shw_2/live.m3u8?_HLS_msn=7')).toBe(404)
})

test('orders need the secret', async () => {
  const order = '/control/health'
  expect(await ask(order)).toBeGreaterThanOrEqual(400)
  expect(await ask(order, { authorization: 'Bearer another secret that is long enough' })).toBeGreaterThanOrEqual(400)
})

test('what fails inside is an answer, and the next one is answered too', async () => {
  expect(await ask('/whip/x', {}, 'POST')).toBe(500)
  expect(await ask('/live/shw_1/live.m3u8')).toBe(200)
  expect(await ask('/elsewhere')).toBe(404)
})
