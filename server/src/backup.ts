/** npm run backup -- FILE: everything into one file, also beside a running server and its sale. */
import { existsSync } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { readConfig } from './config.ts'
import { dump } from './kernel/backup/dump.ts'
import { summaryOf } from './kernel/backup/manifest.ts'
import { openDb } from './kernel/db.ts'
import { openEmbeddedPostgres } from './kernel/embedded-postgres/open.ts'
import { openLog } from './kernel/log.ts'
import { openStorage } from './kernel/open.ts'
import { keptSecret } from './kernel/secret.ts'
import { sql } from './kernel/sql.ts'

const config = readConfig(process.env, [])
const log = openLog(config.EFIR_LOG === 'info' ? 'warn' : config.EFIR_LOG, {})

async function backup(stack: AsyncDisposableStack, file: string): Promise<void> {
  if (existsSync(file)) throw new Error(`${file} exists already: nothing is written over.`)
  await mkdir(dirname(file), { recursive: true })
  const databaseUrl = config.DATABASE_URL ?? (await openOwn(stack))
  const now = Date.now()
  const manifest = await dump({
    databaseUrl,
    storage: openStorage(config),
    secret: config.EFIR_SECRET ?? (await keptSecret(config.dataDir)),
    file,
    now,
  })
  const sum = summaryOf(manifest)
  const db = stack.use(openDb({ url: databaseUrl, size: 2, log }))
  const size = (await stat(file)).size
  const note = JSON.stringify({ at: now, ...sum, size })
  await db.run(
    sql`insert into kernel.setting (name, value) values ('backup.last', ${note}) on conflict (name) do update set value = excluded.value`,
  )
  console.log(`${file}: ${sum.tables} tables, ${sum.rows} rows, ${sum.files} files, ${(size / 1e6).toFixed(1)} MB`)
  if (!config.EFIR_SECRET)
    console.log(`Keep ${join(config.dataDir, 'secret')} too, elsewhere: without it what is encrypted in this file stays so.`)
}

/** Beside a running server its database is used and left running. */
async function openOwn(stack: AsyncDisposableStack): Promise<string> {
  if (!existsSync(join(config.dataDir, 'postgres')))
    throw new Error(`There is no database in ${config.dataDir} yet: set EFIR_DATA or DATABASE_URL.`)
  return stack.use(await openEmbeddedPostgres({ dataDir: config.dataDir, log, whenHeld: 'join' })).url
}

const stack = new AsyncDisposableStack()
try {
  const [file, more] = process.argv.slice(2)
  if (!file || more !== undefined || file.startsWith('-')) throw new Error('Usage: npm run backup -- FILE')
  await backup(stack, resolve(file))
} catch (problem) {
  console.error((problem as Error).message)
  process.exitCode = 1
} finally {
  await stack.disposeAsync()
}
