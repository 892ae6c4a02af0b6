import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fastify from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openPages } from './pages.ts'

const dist = mkdtempSync(join(tmpdir(), 'efir-pages-'))
const app = fastify()

beforeAll(async () => {
  mkdirSync(join(dist, 'assets'))
  for (const page of ['index', 'studio', 'office']) writeFileSync(join(dist, `${page}.html`), `<title>${page}</title>`)
  writeFileSync(join(dist, 'assets/a.js'), 'a')
  const pages = openPages({ dist })
  app.setNotFoundHandler((request, reply) => pages.answer(request, reply) ?? reply.status(404).send({ missing: true }))
  await pages.plug(app)
})
afterAll(async () => {
  await app.close()
  rmSync(dist, { recursive: true })
})

const ask = async (url: string, headers: Record<string, string>) => {
  const answer = await app.inject({ url, headers })
  return `${answer.statusCode} ${answer.body}`
}
const browser = { accept: 'text/html,*/*;q=0.8', 'accept-encoding': 'gzip, br' }
const script = { accept: '*/*' }

test.each([browser, script, { accept: 'text/html' }, {}])('addresses of pages are pages, whoever asks: %j', async (headers) => {
  expect(await ask('/', headers)).toBe('200 <title>index</title>')
  expect(await ask('/show/abc?at=1', headers)).toBe('200 <title>index</title>')
  expect(await ask('/studio/', headers)).toBe('200 <title>studio</title>')
  expect(await ask('/office/orders', headers)).toBe('200 <title>office</title>')
})

test('files are files, and what is missing is missing', async () => {
  expect(await ask('/assets/a.js', script)).toBe('200 a')
  expect(await ask('/assets/none.js', browser)).toMatch(/^404/)
  expect(await ask('/none.js', script)).toMatch(/^404/)
  expect(await ask('/api/none', browser)).toMatch(/^404/)
  expect(await ask('/show/abc', { accept: 'application/json' })).toMatch(/^404/)
})
