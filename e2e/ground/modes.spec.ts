import { execFile, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { demoLogin, demoPeople, enterPassword, me, setUpOperator, startCode } from '@efir/contract/identity.ts'
import { paymentSetup } from '@efir/contract/payments.ts'
import { afterEach, expect, test } from 'vitest'
import { startTestPostgres } from '../../server/src/kernel/embedded-postgres/testing.ts'
import { type Efir, startEfir } from '../support/efir.ts'
import { openMailbox } from '../support/mailbox.ts'
import { addGoods, becomeOperator, buyOne, openShop, operatorPassword } from '../support/shop.ts'
import { openVisitor } from '../support/visitor.ts'

const root = join(import.meta.dirname, '../..')
const opened: { stop(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.stop()
})
async function start(options: Parameters<typeof startEfir>[0]): Promise<Efir> {
  const efir = await startEfir(options)
  opened.push(efir)
  return efir
}

test('an empty platform asks for its operator once, and the printed code makes one', async () => {
  const efir = await start({ args: ['--empty'] })
  expect(efir.setUpCode()).not.toBe('')
  const stranger = openVisitor(efir.base)
  expect(await stranger.must(me, {})).toMatchObject({ person: null, needsOperator: true })
  const wrong = { setUpCode: 'not-the-code', email: 'eve@mail.example', name: 'Eve', password: operatorPassword }
  expect(await stranger.call(setUpOperator, wrong)).toMatchObject({ ok: false, refusal: 'code_wrong' })

  const operator = await becomeOperator(efir.base, efir.setUpCode())
  expect(await operator.must(me, {})).toMatchObject({ person: { operator: true }, needsOperator: false })
  expect(await stranger.call(setUpOperator, { ...wrong, setUpCode: efir.setUpCode() })).toMatchObject({
    ok: false,
    refusal: 'already_set_up',
  })

  await efir.kill()
  await efir.start()
  expect(await operator.must(me, {})).toMatchObject({ person: { operator: true } })
  const again = openVisitor(efir.base)
  await again.must(enterPassword, { email: 'operator@efir.example', password: operatorPassword })
  expect(efir.output().lastIndexOf('set-up?code=')).toBe(efir.output().indexOf('set-up?code='))
})

/** Runs the server until it ends by itself. */
async function refusedStart(env: Record<string, string>): Promise<{ code: number; said: string }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'efir-modes-'))
  try {
    return await new Promise((resolve) => {
      execFile(
        process.execPath,
        [join(root, 'server/src/main.ts')],
        {
          cwd: root,
          timeout: 30_000,
          env: { ...process.env, EFIR_DATA: dataDir, PORT: '0', EFIR_RTMP_PORT: '0', EFIR_MODE: 'production', ...env },
        },
        (problem, stdout, stderr) => resolve({ code: Number(problem?.code ?? 0), said: stdout + stderr }),
      )
    })
  } finally {
    rmSync(dataDir, { recursive: true, force: true })
  }
}
const secret = 'a secret of production, long enough to sign with'

test('production does not start without a secret, a mail server and its address, and names what is missing', async () => {
  const origin = 'https://live.example'
  const [bare, noMail, short] = await Promise.all([
    refusedStart({}),
    refusedStart({ EFIR_SECRET: secret, EFIR_ORIGIN: origin }),
    refusedStart({ EFIR_SECRET: 'short', EFIR_ORIGIN: origin, SMTP_URL: 'smtp://127.0.0.1:1' }),
  ])
  expect([bare.code, noMail.code, short.code]).toEqual([2, 2, 2])
  for (const name of ['EFIR_SECRET', 'SMTP_URL', 'EFIR_ORIGIN']) expect(bare.said).toContain(name)
  expect(noMail.said).toContain('SMTP_URL')
  expect(noMail.said).not.toContain('EFIR_SECRET')
  expect(short.said).toContain('EFIR_SECRET')
})

test('production has no demo world, no demo logins, no letter box and no test cards', async () => {
  const mail = await openMailbox()
  opened.push({ stop: () => mail.close() })
  const efir = await start({
    args: [],
    env: { EFIR_MODE: 'production', EFIR_SECRET: secret, SMTP_URL: mail.url, EFIR_ORIGIN: 'https://live.example' },
  })
  const stranger = openVisitor(efir.base)
  expect(await stranger.must(me, {})).toMatchObject({ person: null, demo: false })
  const people = await stranger.call(demoPeople, {})
  expect(people.ok ? people.value.people : []).toEqual([])
  expect(await stranger.call(demoLogin, { personId: `per_${'0'.repeat(26)}` })).toMatchObject({ ok: false, refusal: 'demo_off' })
  const box = await fetch(`${efir.base}/dev/mail`, { headers: { accept: 'text/html' } })
  expect(box.status).toBe(404)
  expect((await stranger.must(paymentSetup, {})).testCards).toEqual([])

  const operator = await becomeOperator(efir.base, efir.setUpCode())
  const { shopId, methodId } = await openShop(operator, { name: 'A shop', slug: 'a-shop' })
  const goods = await addGoods(operator, shopId, { title: { en: 'Cup' }, sku: 'C-1', amount: 900, units: 3 })
  const bought = buyOne(efir.base, { shopId, methodId, variantId: goods.variantList[0]?.id as string, token: 'tok_test_success' })
  await expect(bought).rejects.toThrow('payment_method_unavailable')
})

test('what cannot start says why and ends as a failure', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'efir-none-'))
  opened.push({ stop: () => Promise.resolve(rmSync(dataDir, { recursive: true, force: true })) })
  const env = { ...process.env, EFIR_DATA: dataDir, PORT: '0', DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' }
  const run = promisify(execFile)(process.execPath, [join(root, 'server/src/main.ts'), '--empty'], { env, timeout: 60_000 })
  await expect(run).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('ECONNREFUSED') })
})

test('with DATABASE_URL that database is used, and work may run in a process of its own', async () => {
  const postgres = await startTestPostgres({ digest: 'bare', prepare: () => Promise.resolve() })
  opened.push({ stop: async () => await postgres[Symbol.asyncDispose]() })
  const mail = await openMailbox()
  opened.push({ stop: () => mail.close() })
  const env = { DATABASE_URL: postgres.adminUrl, EFIR_SECRET: secret, SMTP_URL: mail.url }
  const web = await start({ args: ['--empty', '--parts=web,media'], env })
  expect(existsSync(join(web.dataDir, 'postgres/cluster'))).toBe(false)
  const visitor = openVisitor(web.base)
  await visitor.must(startCode, { email: 'ana@mail.example' })

  const dataDir = mkdtempSync(join(tmpdir(), 'efir-worker-'))
  const worker = spawn(process.execPath, [join(root, 'server/src/main.ts'), '--empty', '--parts=worker'], {
    env: { ...process.env, ...env, EFIR_DATA: dataDir, EFIR_LOG: 'warn' },
    stdio: 'inherit',
  })
  const gone = new Promise((resolve) => worker.once('exit', resolve))
  opened.unshift({
    async stop() {
      worker.kill('SIGINT')
      await gone
      rmSync(dataDir, { recursive: true, force: true })
    },
  })
  const letter = await mail.letterTo('ana@mail.example')
  expect(letter.subject).toBeTruthy()
})

test('--lan serves TLS of its own authority and shows the address as a QR code', async () => {
  const efir = await start({ args: ['--empty', '--lan'], tls: true })
  const authority = readFileSync(join(efir.dataDir, 'tls/authority.crt'), 'utf8')
  expect(existsSync(join(efir.dataDir, 'tls/server.key'))).toBe(true)
  const answer = await new Promise<number>((resolve, reject) => {
    request(`https://127.0.0.1:${efir.port}/healthz`, { ca: authority }, (response) => resolve(response.statusCode ?? 0))
      .on('error', reject)
      .end()
  })
  expect(answer).toBe(200)
  await expect(
    new Promise((resolve, reject) => request(`https://127.0.0.1:${efir.port}/healthz`, resolve).on('error', reject).end()),
  ).rejects.toThrow(/certificate/)
  expect(efir.output()).toMatch(/https:\/\/[\d.]+:\d+/)
  expect(efir.output()).toMatch(/[█▀▄]{4}/)
})
