import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startTestPostgres } from '../server/src/kernel/embedded-postgres/testing.ts'
import { migrate } from '../server/src/kernel/migrate.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the run's own PostgreSQL; `cloneDatabase(inject('postgres'))` gives a migrated database. */
    postgres: string
  }
}

interface Project {
  provide(key: 'postgres', value: string): void
}

/** One PostgreSQL for the whole run, with a migrated template. */
export async function setup(project: Project): Promise<() => Promise<void>> {
  const postgres = await startTestPostgres({ prepare: migrate, digest: digestOfMigrations() })
  project.provide('postgres', postgres.adminUrl)
  process.env['EFIR_TEST_PG'] = postgres.adminUrl
  return async () => {
    await postgres[Symbol.asyncDispose]()
  }
}

function digestOfMigrations(): string {
  const root = join(import.meta.dirname, '..')
  const folder = join(root, 'server/migrations')
  const digest = createHash('sha256')
  for (const file of [
    ...readdirSync(folder)
      .sort()
      .map((name) => join(folder, name)),
    join(root, 'server/src/kernel/migrate.ts'),
  ]) {
    digest.update(file).update(readFileSync(file))
  }
  return digest.update(readFileSync(join(root, 'node_modules/graphile-worker/package.json'))).digest('hex')
}
