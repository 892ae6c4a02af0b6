/** npm run verify: recomputes stock, reservations, orders and ledger from their journals; differences end it with exit code 1. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { verifierChecks } from './app.ts'
import { readConfig } from './config.ts'
import { openCtx, systemActor } from './kernel/context.ts'
import { openEmbeddedPostgres } from './kernel/embedded-postgres/open.ts'
import { openLog } from './kernel/log.ts'
import { openKernel } from './kernel/open.ts'

const mostShown = 20
const config = readConfig(process.env, process.argv.slice(2))
const log = openLog(config.EFIR_LOG === 'info' ? 'warn' : config.EFIR_LOG, {})

async function verify(stack: AsyncDisposableStack): Promise<boolean> {
  const databaseUrl = config.DATABASE_URL ?? (await openOwn(stack))
  const kernel = await openKernel(stack, { config, log, databaseUrl })
  const ctx = openCtx(kernel, { actor: systemActor, requestId: 'verify' })
  let agrees = true
  for (const check of verifierChecks) {
    const differences = await check.run(ctx)
    console.log(`${differences.length === 0 ? 'agrees ' : 'DIFFERS'}  ${check.name}`)
    for (const difference of differences.slice(0, mostShown)) console.log(`         ${difference}`)
    if (differences.length > mostShown) console.log(`         and ${differences.length - mostShown} more`)
    if (differences.length > 0) agrees = false
  }
  return agrees
}

/** Beside a running server its database is used and left running. */
async function openOwn(stack: AsyncDisposableStack): Promise<string> {
  if (!existsSync(join(config.dataDir, 'postgres')))
    throw new Error(`There is no database in ${config.dataDir} yet: start the server first, or set EFIR_DATA.`)
  return stack.use(await openEmbeddedPostgres({ dataDir: config.dataDir, log, whenHeld: 'join' })).url
}

const stack = new AsyncDisposableStack()
try {
  const agrees = await verify(stack)
  console.log(agrees ? 'Everything agrees.' : 'The journals and the state differ.')
  process.exitCode = agrees ? 0 : 1
} catch (problem) {
  console.error((problem as Error).message)
  process.exitCode = 2
} finally {
  await stack.disposeAsync()
}
