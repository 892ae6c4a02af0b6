/** npm run restore -- FILE: into an empty database and an empty data folder. With --check it only reads the file and its checksums. */
import { resolve } from 'node:path'
import { readConfig } from './config.ts'
import { check } from './kernel/backup/check.ts'
import { load } from './kernel/backup/load.ts'
import { type Manifest, printOf, summaryOf } from './kernel/backup/manifest.ts'
import { openEmbeddedPostgres } from './kernel/embedded-postgres/open.ts'
import { openLog } from './kernel/log.ts'
import { openStorage } from './kernel/open.ts'
import { keptSecret } from './kernel/secret.ts'

const config = readConfig(process.env, [])
const log = openLog(config.EFIR_LOG === 'info' ? 'warn' : config.EFIR_LOG, {})

async function restore(stack: AsyncDisposableStack, file: string, manifest: Manifest): Promise<void> {
  const databaseUrl = config.DATABASE_URL ?? stack.use(await openEmbeddedPostgres({ dataDir: config.dataDir, log })).url
  await load({ databaseUrl, storage: openStorage(config), file, manifest })
  const secret = config.EFIR_SECRET ?? (await keptSecret(config.dataDir))
  if (printOf(secret) !== manifest.secretPrint)
    console.log(
      'The secret here is not the one of the backup: everybody signs in anew, and what was encrypted under the old one cannot be read. Set EFIR_SECRET, or put the old file `secret` into the data folder.',
    )
  console.log('Restored. `npm run verify` recomputes the books; then start the server.')
}

const stack = new AsyncDisposableStack()
try {
  const args = process.argv.slice(2)
  const [name, more] = args.filter((arg) => arg !== '--check')
  if (!name || more !== undefined || name.startsWith('-')) throw new Error('Usage: npm run restore -- [--check] FILE')
  const file = resolve(name)
  const manifest = await check(file)
  const sum = summaryOf(manifest)
  console.log(
    `${file}: made ${new Date(manifest.madeAt).toISOString()}, ${sum.tables} tables, ${sum.rows} rows, ${sum.files} files; every checksum is right`,
  )
  if (!args.includes('--check')) await restore(stack, file, manifest)
} catch (problem) {
  console.error((problem as Error).message)
  process.exitCode = 1
} finally {
  await stack.disposeAsync()
}
