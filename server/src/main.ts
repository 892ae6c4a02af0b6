import { createHmac } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import closeWithGrace from 'close-with-grace'
import { type Demo, freshGround, openDemo } from '../seed/open.ts'
import { strangersIn } from '../seed/wipe.ts'
import { type App, openApp, streamOwners } from './app.ts'
import { type Config, missingForProduction, readConfig } from './config.ts'
import { type Kernel, openCtx, systemActor } from './kernel/context.ts'
import { serveMailBox } from './kernel/dev-mail.ts'
import { openDrain } from './kernel/drain.ts'
import { openEmbeddedPostgres, stopOrphans } from './kernel/embedded-postgres/open.ts'
import { assertDatabaseFits } from './kernel/embedded-postgres/probe.ts'
import { sessionsGone } from './kernel/embedded-postgres/quiet.ts'
import { openFiguresServer } from './kernel/figures-server.ts'
import { pruneEvents } from './kernel/keeping.ts'
import { lanAddresses, openTls, qrFor } from './kernel/lan.ts'
import { type Log, openLog } from './kernel/log.ts'
import { migrate } from './kernel/migrate.ts'
import { openKernel } from './kernel/open.ts'
import { openProxy } from './kernel/proxy.ts'
import { openSiblings } from './kernel/siblings.ts'
import { socketPath } from './kernel/socket-path.ts'
import { sql } from './kernel/sql.ts'
import { openBetterAuth } from './modules/identity/adapters/better-auth.ts'
import { prunePeople } from './modules/identity/keeping.ts'
import { offerSetUp } from './modules/identity/verbs/sign-in.ts'
import { type MediaProcess, openMediaBeside, openMediaProcess } from './modules/media/adapters/process.ts'
import { openHookServer } from './modules/media/hook-server.ts'

let started = performance.now()
/** Whether new callers may be sent here: false before everything is open and from the first moment of leaving. */
let ready = false
/** Serves who is here to the end, and takes nobody new. */
let leave: () => Promise<void> = async () => undefined
const config = readSettings()
const log = openLog(config.EFIR_LOG, {})

function readSettings(): Config {
  try {
    const read = readConfig(process.env, process.argv.slice(2))
    const missing = missingForProduction(read)
    if (missing.length === 0) return read
    console.error(`Production mode needs:\n  ${missing.join('\n  ')}`)
  } catch (problem) {
    console.error((problem as Error).message)
  }
  process.exit(2)
}

async function openDatabase(stack: AsyncDisposableStack): Promise<string> {
  if (config.DATABASE_URL) {
    await assertDatabaseFits(config.DATABASE_URL)
    if (!config.flags.sibling) await stopOrphans(config.dataDir)
    return config.DATABASE_URL
  }
  const { url } = stack.use(await openEmbeddedPostgres({ dataDir: config.dataDir, log }))
  stack.defer(() => sessionsGone(url))
  return url
}

/** Otherwise media runs in another process, or nowhere. */
const hasMedia = config.flags.parts.includes('media')

async function openMedia(stack: AsyncDisposableStack, kernel: Kernel, addresses: readonly string[]): Promise<MediaProcess> {
  const secret = createHmac('sha256', kernel.secret).update('media').digest('base64url')
  if (!hasMedia) return stack.use(await openMediaBeside(kernel, { secret }))
  const hooksSocket = socketPath(config.dataDir, 'hooks.sock')
  stack.use(await openHookServer(kernel, { socket: hooksSocket, secret, owners: streamOwners }))
  return stack.use(
    await openMediaProcess(kernel, {
      path: process.env['PATH'],
      secret,
      hooksSocket,
      lan: config.flags.lan,
      lanAddresses: addresses,
    }),
  )
}

async function run(stack: AsyncDisposableStack, reset = false): Promise<void> {
  mkdirSync(config.dataDir, { recursive: true })
  const databaseUrl = await openDatabase(stack)
  await migrate(databaseUrl)
  const showsDemo = !config.production && !config.flags.empty && !config.flags.sibling
  if (showsDemo) await freshGround({ url: databaseUrl, dataDir: config.dataDir, reset })
  const kernel = await openKernel(stack, { config, log, databaseUrl })
  await kernel.events.start()
  const credentials = stack.use(
    openBetterAuth({
      databaseUrl,
      secret: kernel.secret,
      newUserId: () => kernel.ids.make('person'),
      send: (email, code) => sendCode(kernel, email, code),
    }),
  )
  const addresses = config.flags.lan ? lanAddresses() : []
  const media = await openMedia(stack, kernel, addresses)
  const https = config.flags.lan ? openTls({ dataDir: config.dataDir, addresses, now: kernel.clock.now() }) : undefined
  const bypass = passToMedia(media.socket)
  const dist = join(import.meta.dirname, '../../web/dist')
  const beginAnew = () => resetWorld(databaseUrl)
  const outside = { credentials, media, beginAnew: showsDemo ? beginAnew : undefined }
  const app = stack.use(await openApp(kernel, outside, { https, bypass, dist }))
  leave = leaveCallers(app)
  const health = () => healthOf(kernel, hasMedia ? media : null)
  await finishHttp(app.http, kernel, health)
  if (config.EFIR_METRICS_PORT !== undefined)
    stack.use(
      await openFiguresServer({
        port: config.EFIR_METRICS_PORT,
        host: config.EFIR_METRICS_HOST,
        token: config.EFIR_METRICS_TOKEN,
        figures: app.figures,
        health,
        ready: () => ready,
        log,
      }),
    )
  const demo = showsDemo ? await openDemo(kernel, credentials, beginAnew) : null
  // With a bucket, only the process that has the disk can move its recordings up.
  if (config.flags.parts.includes('worker') || (hasMedia && kernel.storage.disk !== null)) await kernel.jobs.start()
  await openCtx(kernel, { actor: systemActor }).transaction(async (tx) => {
    for (const name of ['media.deleteOldRecordings', pruneEvents, prunePeople]) await tx.addJob(name, {}, { key: name })
  })
  if (!config.flags.parts.includes('web')) return
  const { flags } = config
  const reusePort = flags.sibling || config.EFIR_PROCESSES > 1
  const listening = { port: config.PORT, host: flags.lan ? '0.0.0.0' : config.HOST, backlog: 4096, reusePort }
  await app.http.listen(listening)
  const { port } = app.http.server.address() as AddressInfo
  if (flags.sibling) return
  if (reusePort) stack.use(await openBesideMe(kernel, databaseUrl, port))
  await playDemo(stack, demo, { port, authority: https?.authorityFile })
  await greet(kernel, port, addresses)
}

/** They serve and hold rooms; work, media and the demo world stay here. */
function openBesideMe(kernel: Kernel, databaseUrl: string, port: number): Promise<AsyncDisposable> {
  const mode = config.flags.lan ? ['--lan'] : []
  return openSiblings({
    count: config.EFIR_PROCESSES,
    main: import.meta.filename,
    args: ['--sibling', '--parts=web,room', ...mode, ...(config.flags.empty ? ['--empty'] : [])],
    env: { ...process.env, DATABASE_URL: databaseUrl, EFIR_SECRET: kernel.secret, EFIR_PROCESSES: '1', PORT: String(port) },
    dataDir: config.dataDir,
    log,
  })
}

async function playDemo(
  stack: AsyncDisposableStack,
  demo: Demo | null,
  at: { port: number; authority: string | undefined },
): Promise<void> {
  const origin = `${at.authority ? 'https' : 'http'}://127.0.0.1:${at.port}`
  if (config.flags.parts.includes('media'))
    await demo?.play(stack, { origin, path: process.env['PATH'], authority: at.authority })
}

function leaveCallers({ http, room }: App): () => Promise<void> {
  const drain = openDrain(http.server)
  return async () => {
    await pause(config.EFIR_LEAVE_NOTICE_MS)
    const gone = drain.leave(config.EFIR_DRAIN_MS ?? (config.production ? 6_000 : 0))
    // Viewers come back within the window that they are told, to whoever listens then.
    await room.leave()
    await gone
    log.info({ underWay: drain.underWay() }, 'callers have left')
  }
}

/** The answer to who asked leaves first; then everything is closed, and opened on fresh ground. */
async function resetWorld(databaseUrl: string): Promise<boolean> {
  if ((await strangersIn(databaseUrl)) > 0) return false
  setTimeout(() => void begin(true), 200)
  return true
}

function passToMedia(socket: string) {
  const proxy = openProxy({ socket, cut: '/media', timeoutMs: 60_000 })
  return { '/media/live/': proxy, '/media/whip/': proxy, '/media/whep/': proxy }
}

async function healthOf(kernel: Kernel, media: MediaProcess | null) {
  const database = await kernel.db.pool.query('select 1').then(
    () => true,
    () => false,
  )
  const picture = media === null || (await media.alive())
  return { ok: database && picture, database, media: picture }
}

async function finishHttp(
  http: Awaited<ReturnType<typeof openApp>>['http'],
  kernel: Kernel,
  health: () => ReturnType<typeof healthOf>,
): Promise<void> {
  http.get('/healthz', async (_, reply) => {
    const found = await health()
    return reply.status(found.ok ? 200 : 503).send(found)
  })
  http.get('/readyz', async (_, reply) => reply.status(ready ? 200 : 503).send({ ready }))
  if (!config.production) serveMailBox(http, kernel.db)
}

async function sendCode(kernel: Kernel, email: string, code: string): Promise<void> {
  await openCtx(kernel, { actor: systemActor }).transaction((tx) =>
    tx.addJob('notifications.sendCode', { email, code }, { maxAttempts: 3, first: true }),
  )
}

const demoRoles = sql`select value ->> 'role' as role from kernel.setting where name like 'demo.login.%' group by 1 order by min(name)`

/** What a newcomer reads first. */
async function greet(kernel: Kernel, port: number, addresses: readonly string[]): Promise<void> {
  const origin = config.flags.lan ? `https://${addresses[0] ?? 'localhost'}:${port}` : `http://localhost:${port}`
  const lines = [
    '',
    `  Efir is on air after ${((performance.now() - started) / 1000).toFixed(1)} s`,
    '',
    `  Watch and shop   ${origin}/`,
    `  Studio           ${origin}/studio`,
    `  Office           ${origin}/office`,
  ]
  if (!config.production) lines.push(`  Letter box       ${origin}/dev/mail`)
  const roles = await openCtx(kernel, { actor: systemActor }).rows<{ role: string }>(demoRoles)
  if (roles.length > 0) lines.push('', '  The demo world, by one click:')
  for (const { role } of roles) lines.push(`  ${`as ${role}`.padEnd(17)}${origin}/sign-in?demo=${role}`)
  const setUp = await openCtx(kernel, { actor: systemActor }).transaction(offerSetUp)
  if (setUp) lines.push('', `  Nobody runs this platform yet. Create its operator: ${origin}/office/set-up?code=${setUp}`)
  console.log(`${lines.join('\n')}\n`)
  if (config.flags.lan) console.log(qrFor(origin))
}

let stack = new AsyncDisposableStack()
let starting: Promise<void> = Promise.resolve()
let closing = false
closeWithGrace({ delay: 45_000, logger: quiet(log) }, async ({ err, signal }) => {
  if (err) log.error({ err }, 'closing after a defect')
  else log.info({ signal }, 'closing')
  closing = true
  ready = false
  // What is just being opened would be left behind by a stack that is closed already.
  await starting
  // Whoever presses Ctrl-C wants the end at once.
  if (signal === 'SIGTERM') await leave()
  await stack.disposeAsync()
})

function quiet(to: Log) {
  return { error: (text: unknown) => to.error(text as string), warn: (text: unknown) => to.warn(text as string) } as never
}

function begin(reset: boolean): Promise<void> {
  if (!closing) starting = open(reset)
  return starting
}

async function open(reset: boolean): Promise<void> {
  try {
    await stack.disposeAsync()
    stack = new AsyncDisposableStack()
    if (reset) started = performance.now()
    await run(stack, reset)
    ready = !closing
  } catch (problem) {
    console.error((problem as Error).message)
    log.debug({ problem }, 'start failed')
    if (closing) return
    await stack.disposeAsync()
    // Left to itself the process would end as if all were well.
    process.exit(1)
  }
}

await begin(false)
