import { existsSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { noCounts, step, summary, vitest } from './sections.ts'

/** `npm test`: everything CI runs, from fast to true. A failing step does not keep the later ones from telling theirs. */
const root = join(import.meta.dirname, '..')
const minuteMs = 60_000
const counts = noCounts()

await step('types', ['tsc', '-p', '.'], 3 * minuteMs, counts)
await step('lint and format', ['biome', 'check', '--max-diagnostics=50'], 2 * minuteMs, counts)
await step('dependencies', ['node', 'scripts/audit.ts'], 2 * minuteMs, counts)
await vitest('rules and database', ['unit', 'pg'], 15 * minuteMs, counts)
await vitest('tools', ['tools'], 15 * minuteMs, counts)
if (existsSync(join(root, 'sim/run.ts')))
  await step('simulation', ['node', 'sim/run.ts', '--seeds', '1000'], 15 * minuteMs, counts)
for (const name of benches())
  await step(`bench ${name}`, ['node', 'bench/run.ts', name, '--short', '--json'], 4 * minuteMs, counts)
await vitest('stories', ['e2e'], 30 * minuteMs, counts)

const { text, ok } = summary(counts, process.env['EFIR_NO_SKIP'] === '1')
console.log(text)
process.exitCode = ok ? 0 : 1

/** One file is one bench; those that need hours or other people's products are run by hand. */
function benches(): string[] {
  const byHand = new Set(['run', 'engines', 'ingest'])
  if (!existsSync(join(root, 'bench/run.ts'))) return []
  return readdirSync(join(root, 'bench'))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => basename(name, '.ts'))
    .filter((name) => !byHand.has(name))
    .sort()
}
