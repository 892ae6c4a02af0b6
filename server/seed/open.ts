import { rmSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { superviseChild } from '../src/kernel/child.ts'
import { type Kernel, openCtx, systemActor } from '../src/kernel/context.ts'
import { migrate } from '../src/kernel/migrate.ts'
import { socketPath } from '../src/kernel/socket-path.ts'
import { sql } from '../src/kernel/sql.ts'
import { openDiskStorage } from '../src/kernel/storage.ts'
import type { Credentials } from '../src/modules/identity/ports.ts'
import { demoVersion, readWorld } from './facts.ts'
import { keepWorld, ordersIn, pruneWorld } from './keep.ts'
import { writePlan } from './live-plan.ts'
import { loadDemo } from './load.ts'
import { drawPictures } from './pictures.ts'
import { makeReplays } from './replays.ts'
import { loadedVersion, strangersIn, wipe } from './wipe.ts'

const keepEveryMs = 60_000
const pruneEveryMs = 10 * 60_000
/** About two weeks of what the simulated buyers order. */
const ordersKept = 40_000
/** Raised when a child of an older build must not be adopted. */
const liveVersion = 1

/** Before the kernel opens: a world of another version, or one that somebody reset, is taken away whole. */
export async function freshGround(options: { url: string; dataDir: string; reset: boolean }): Promise<void> {
  const { url, dataDir, reset } = options
  const version = await loadedVersion(url)
  if (!reset && (version === null || version === demoVersion)) return
  if ((await strangersIn(url)) > 0) return
  await wipe(url)
  const storage = openDiskStorage(join(dataDir, 'files'))
  for (const below of ['pictures', 'recordings']) await storage.deleteBelow(below)
  rmSync(join(dataDir, 'live.plan.json'), { force: true })
  await migrate(url)
}

export interface Demo {
  /** The show goes on air and the rest of the world is drawn, once the server answers at this address. */
  play(
    stack: AsyncDisposableStack,
    options: { origin: string; path: string | undefined; authority: string | undefined },
  ): Promise<void>
}

/** Loads the world and its jobs; null where somebody else's platform lives already. Call it before the jobs start. */
export async function openDemo(
  kernel: Kernel,
  credentials: Pick<Credentials, 'create'>,
  beginAnew: () => Promise<boolean>,
): Promise<Demo | null> {
  const ctx = openCtx(kernel, { actor: systemActor })
  const known = await readWorld(ctx)
  const settled = await ctx.maybe(sql`select 1 from identity.person where kind = 'account' and not demo limit 1`)
  if (known === null && settled !== null) return null
  await loadDemo(kernel, credentials)
  const planOf = { file: join(kernel.config.dataDir, 'live.plan.json'), origin: '' }

  async function keep(): Promise<void> {
    const world = await keepWorld(kernel)
    if (world && planOf.origin) await writePlan(kernel, world, planOf)
  }
  repeat(kernel, 'demo.keep', keepEveryMs, keep)
  repeat(kernel, 'demo.prune', pruneEveryMs, async () => {
    kernel.log.debug(await pruneWorld(kernel), 'demo pruned')
    // The books keep every order: a world that has run for weeks begins anew, unless somebody has made it their own.
    if ((await ordersIn(ctx)) > ordersKept) await beginAnew()
  })

  return {
    async play(stack, { origin, path, authority }) {
      planOf.origin = origin
      await keep()
      for (const name of ['demo.keep', 'demo.prune'])
        await ctx.transaction((tx) => tx.addJob(name, {}, { key: name, runAt: tx.now + keepEveryMs }))
      stack.use(drawInBackground(kernel))
      stack.use(await openLive(kernel, { plan: planOf.file, path, authority }))
    },
  }
}

/** A job that puts itself on the list again, also after a failure. */
function repeat(kernel: Kernel, name: string, everyMs: number, work: () => Promise<void>): void {
  const ctx = openCtx(kernel, { actor: systemActor, requestId: `job ${name}` })
  kernel.jobs.handle(name, async () => {
    await ctx.transaction((tx) => tx.addJob(name, {}, { key: `${name} next`, runAt: tx.now + everyMs }))
    await work()
  })
}

/** Pictures and recordings come while the server already answers; what is missing when it ends is made at the next start. */
function drawInBackground(kernel: Kernel): AsyncDisposable {
  const stop = new AbortController()
  const work = async () => {
    const world = await readWorld(openCtx(kernel, { actor: systemActor }))
    if (world) await Promise.all([drawPictures(kernel, world, stop.signal), makeReplays(kernel, world, stop.signal)])
  }
  const running = work().catch((problem: Error) => kernel.log.error({ problem: problem.message }, 'the demo world is not drawn'))
  return {
    async [Symbol.asyncDispose]() {
      stop.abort()
      await running
    },
  }
}

/** The process that plays the show on air; it lives through a crash of ours like media does. */
async function openLive(
  kernel: Kernel,
  options: { plan: string; path: string | undefined; authority: string | undefined },
): Promise<AsyncDisposable> {
  const { dataDir } = kernel.config
  const socket = socketPath(dataDir, 'live.sock')
  return await superviseChild({
    name: 'demo show',
    command: process.execPath,
    args: ['--max-old-space-size=160', join(import.meta.dirname, 'live/main.ts'), '--plan', options.plan, '--socket', socket],
    env: { PATH: options.path, NODE_EXTRA_CA_CERTS: options.authority },
    log: kernel.log,
    logFile: join(dataDir, 'live.log'),
    stateFile: join(dataDir, 'live.json'),
    fingerprint: JSON.stringify([liveVersion, options.plan, options.authority ?? '']),
    healthy: () => answers(socket),
  })
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const ask = request({ socketPath, path: '/', timeout: 2_000 }, (answer) => {
      answer.resume()
      resolve(answer.statusCode === 200)
    })
    ask.on('timeout', () => ask.destroy())
    ask.on('error', () => resolve(false))
    ask.end()
  })
}
