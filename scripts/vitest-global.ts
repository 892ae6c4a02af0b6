import { startTestPostgres } from '../server/src/kernel/embedded-postgres/testing.ts'
import { migrate } from '../server/src/kernel/migrate.ts'
import { digestOfMigrations } from './migrations-digest.ts'

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
