import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type EmbeddedPostgres, openEmbeddedPostgres } from '../../server/src/kernel/embedded-postgres/open.ts'
import { openLog } from '../../server/src/kernel/log.ts'
import { socketPath } from '../../server/src/kernel/socket-path.ts'
import { startRedis, type TestRedis } from '../../server/test/redis.ts'
import { type Efir, freePort, startEfir, until } from './efir.ts'

const root = join(import.meta.dirname, '../..')

/** Several server processes of one installation, with PostgreSQL, Redis and media as processes of their own. */
export interface Ground extends AsyncDisposable {
  readonly servers: readonly Efir[]
  readonly redis: TestRedis
  readonly postgres: EmbeddedPostgres
  readonly databaseUrl: string
  readonly secret: string
  /** The encoder's counterpart itself, which outlives the process that started it. */
  mediaPid(): number
  /** SIGKILL of the process that watches media, and another one in its place. */
  restartMediaServer(): Promise<void>
}

export async function openGround(count: number): Promise<Ground> {
  const stack = new AsyncDisposableStack()
  try {
    const folder = mkdtempSync(join(tmpdir(), 'efir-ground-'))
    stack.defer(() => rmSync(folder, { recursive: true, force: true }))
    const redis = stack.use(await startRedis())
    const postgres = stack.use(
      await openEmbeddedPostgres({ dataDir: join(folder, 'pg'), log: openLog('error'), settings: { max_connections: '300' } }),
    )
    const secret = 'a secret that all processes of this ground share'
    const env = {
      EFIR_DATA: folder,
      DATABASE_URL: postgres.url,
      EFIR_REDIS_URL: redis.url,
      EFIR_SECRET: secret,
      EFIR_DB_POOL: '10',
      EFIR_RTMP_PORT: String(await freePort()),
      EFIR_LOG: 'warn',
    }
    const media = stack.use(await startMedia(env))
    const servers: Efir[] = []
    // One after the other, so that the last one's set-up code counts.
    for (let n = 0; n < count; n++) {
      const server = await startEfir({ args: ['--empty', '--parts=web,worker,room'], env })
      stack.defer(() => server.stop())
      servers.push(server)
    }
    const whole = stack.move()
    return {
      servers,
      redis,
      postgres,
      databaseUrl: postgres.url,
      secret,
      mediaPid: () => pidIn(join(folder, 'media.json')),
      restartMediaServer: media.restart,
      [Symbol.asyncDispose]: () => whole.disposeAsync(),
    }
  } catch (problem) {
    await stack.disposeAsync()
    throw problem
  }
}

/** Of a child that a server watches, from the file in which it remembers it. */
export const pidIn = (file: string): number =>
  Number(JSON.parse(String((JSON.parse(readFileSync(file, 'utf8')) as { running?: string }).running ?? '{}')).pid ?? 0)

const answers = (socket: string): Promise<boolean> =>
  new Promise((resolve) => {
    const line = connect(socket, () => {
      line.destroy()
      resolve(true)
    })
    line.once('error', () => resolve(false))
  })

async function startMedia(env: Record<string, string>): Promise<{ restart(): Promise<void> } & AsyncDisposable> {
  let child: ChildProcess | null = null
  const folder = env['EFIR_DATA'] as string
  async function start(): Promise<void> {
    child = spawn(process.execPath, [join(root, 'server/src/main.ts'), '--empty', '--parts=media'], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    await until(
      () => answers(socketPath(folder, 'hooks.sock')),
      30_000,
      () => 'media did not start',
    )
  }
  async function end(signal: NodeJS.Signals): Promise<void> {
    const running = child
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    const gone = new Promise((resolve) => running.once('exit', resolve))
    running.kill(signal)
    await gone
  }
  await start()
  return {
    async restart() {
      await end('SIGKILL')
      await start()
    },
    [Symbol.asyncDispose]: () => end('SIGINT'),
  }
}
