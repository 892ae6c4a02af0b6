import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Names what the migrations would do: the same digest, the same template. */
export function digestOfMigrations(): string {
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
