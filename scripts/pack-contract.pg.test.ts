import { execFile } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { makeShopKey } from '@efir/contract/integrations.ts'
import { openApiDocument } from '@efir/contract/openapi/document.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stage } from '../server/src/modules/lots/testing.ts'
import { openWorld } from '../server/test/world.ts'
import { clientOf, type Description, listed } from '../web/src/faces/watch/developers/description.ts'

const root = join(import.meta.dirname, '..')
const run = promisify(execFile)
/** A project of somebody else: nothing of this repository but the packed file, and typebox as a registry would bring it. */
let project: string
let installed: string

beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'efir-sdk-'))
  installed = join(project, 'node_modules/@efir/contract')
  mkdirSync(dirname(installed), { recursive: true })
  symlinkSync(join(root, 'node_modules/typebox'), join(project, 'node_modules/typebox'))
  const { stdout } = await run(process.execPath, [join(root, 'scripts/pack-contract.ts'), join(project, 'out')])
  await run('tar', ['-xzf', stdout.trim(), '-C', project])
  renameSync(join(project, 'package'), installed)
  writeFileSync(join(project, 'package.json'), '{ "type": "module", "private": true }')
})
afterAll(() => rmSync(project, { recursive: true, force: true }))

const write = (file: string, text: string) => writeFileSync(join(project, file), text)
async function complaints(files: readonly string[]): Promise<string[]> {
  const strict = ['--ignoreConfig', '--noEmit', '--strict', '--target', 'ES2022', '--lib', 'ES2024,DOM', '--types', '']
  const options = [...strict, '--module', 'NodeNext', '--skipLibCheck', '--pretty', 'false']
  const said = await run(join(root, 'node_modules/.bin/tsc'), [...options, ...files], { cwd: project }).then(
    ({ stdout }) => stdout,
    (problem: { stdout: string }) => problem.stdout,
  )
  return said.split('\n').filter((line) => line !== '')
}

test('the package holds JavaScript with types for every file of the contract, and nothing that only this repository understands', () => {
  const sources = globSync('**/*.ts', { cwd: join(root, 'contract/src') }).filter((file) => !file.endsWith('.test.ts'))
  const wanted = sources.flatMap((file) => [file.replace(/ts$/, 'js'), file.replace(/ts$/, 'd.ts')])
  const files = globSync('**/*.{js,ts}', { cwd: join(installed, 'dist') })
  expect(files.toSorted()).toEqual(wanted.toSorted())
  for (const file of files)
    expect(readFileSync(join(installed, 'dist', file), 'utf8'), file).not.toMatch(/(from |import\()["']\.[^"']*\.ts["']/)
  const own = JSON.parse(readFileSync(join(root, 'contract/package.json'), 'utf8')) as Record<string, unknown>
  const packed = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8')) as Record<string, unknown>
  for (const field of ['name', 'version', 'license', 'type', 'dependencies']) expect(packed[field]).toEqual(own[field])
  expect(JSON.stringify(packed)).not.toMatch(/workspace|"file:|src\//)
  expect(globSync('{README.md,LICENSE}', { cwd: installed })).toHaveLength(2)
})

/** Says what it got as one line of JSON. */
const program = `
import { caller } from '@efir/contract/client.js'
import { createProduct } from '@efir/contract/catalog.js'
import { shopOrders } from '@efir/contract/orders.js'
import { sendChat } from '@efir/contract/room.js'
import { roomPath, roomVersion } from '@efir/contract/room/version.js'
const { BASE: base, KEY, TOKEN, SHOP: shopId, SHOW: showId } = process.env
const as = (bearer) => caller({ base, headers: () => ({ authorization: 'Bearer ' + bearer }) })
const product = { shopId, title: { en: 'A kettle' }, variants: [{ sku: 'K-1', prices: [{ amount: 1250, currency: 'EUR' }] }] }
const said = { showId, key: crypto.randomUUID(), text: 'hello' }
const welcome = await new Promise((resolve, reject) => {
  const line = new WebSocket(base.replace('http', 'ws') + roomPath)
  line.onopen = () => line.send(JSON.stringify({ t: 'join', v: roomVersion, room: showId }))
  line.onerror = line.onclose = (event) => reject(new Error('the room is closed: ' + (event.code ?? event.message)))
  line.onmessage = ({ data }) => { resolve(JSON.parse(data)); line.onclose = null; line.close() }
})
console.log(JSON.stringify({
  made: await as(KEY)(createProduct, product),
  twice: await as(KEY)(createProduct, product),
  beyond: await as(KEY)(shopOrders, { shopId }),
  lines: [await as(TOKEN)(sendChat, said), await as(TOKEN)(sendChat, said)],
  nobody: await caller({ base: 'http://127.0.0.1:1' })(shopOrders, { shopId }),
  welcome,
}))`

test('a program in plain JavaScript works with a running server: a key, refusals as data, a repeated act, the room', async () => {
  await using world = await openWorld()
  const { shopId, showId, host } = await stage(world)
  const guest = await world.person()
  const { secret } = await world.must(host, makeShopKey, { shopId, name: 'SDK', scopes: ['catalog:write'], days: 1 })
  await world.app.http.listen({ port: 0, host: '127.0.0.1' })
  const { port } = world.app.http.server.address() as AddressInfo
  write('program.js', program)
  const given = { BASE: `http://127.0.0.1:${port}`, KEY: secret, TOKEN: guest.token, SHOP: shopId, SHOW: showId }
  const { stdout } = await run(process.execPath, ['program.js'], { cwd: project, env: given, timeout: 30_000 })
  const got = JSON.parse(stdout) as Record<string, unknown> & { lines: { value: { line: { id: string } } }[] }
  expect(got).toMatchObject({
    made: { ok: true, value: { title: { en: 'A kettle' }, state: 'draft' } },
    twice: { ok: false, refusal: 'sku_taken' },
    beyond: { ok: false, refusal: 'not_allowed' },
    lines: [{ ok: true, value: { line: { text: 'hello', person: guest.id } } }, { ok: true }],
    nobody: { ok: false, refusal: null, failure: 'network' },
    welcome: { t: 'welcome', v: 1, you: null },
  })
  expect(got.lines[1]?.value.line.id).toBe(got.lines[0]?.value.line.id)
})

/** Each says one thing that the types of an act forbid. */
const mistakes = {
  'wrong-input.ts': 'export const answer = await call(setPrice, { ...input, price: 12.5 })',
  'wrong-output.ts': "export const title: Out<typeof createProduct>['title'] = 1",
  'wrong-refusal.ts':
    "const answer = await call(setPrice, input)\nexport const odd = !answer.ok && answer.refusal === 'sku_taken'",
}
const before = `
import { caller } from '@efir/contract/client.js'
import type { Out } from '@efir/contract/act.js'
import { createProduct, setPrice } from '@efir/contract/catalog.js'
const call = caller({ base: 'https://live.example' })
const input = { productId: 'prd_1', variantId: 'var_1', price: { amount: 1, currency: 'EUR' } }
`

test('examples of the reference and of the package compile as people are shown them; what does not fit is found', async () => {
  const description = openApiDocument({ origin: 'https://live.example', version: '1.0.0' }) as unknown as Description
  const acts = listed(description).filter((one) => !one.webhook)
  const told = [...readFileSync(join(installed, 'README.md'), 'utf8').matchAll(/```ts\n(.*?)```/gs)]
  expect(told.length).toBeGreaterThan(2)
  const files = {
    ...Object.fromEntries(acts.map((one) => [`of-${one.name}.ts`, clientOf(one, 'https://live.example')])),
    ...Object.fromEntries(told.map(([, text], n) => [`told-${n}.ts`, text ?? ''])),
    ...Object.fromEntries(Object.entries(mistakes).map(([file, text]) => [file, before + text])),
  }
  for (const [file, text] of Object.entries(files)) write(file, text)
  const found = await complaints(Object.keys(files))
  const places = found.map((line) => /^([\w-]+\.ts)\(/.exec(line)?.[1] ?? (line.startsWith(' ') ? null : line))
  expect([...new Set(places.filter((place) => place !== null))].toSorted(), found.join('\n')).toEqual(Object.keys(mistakes))
})
