import { noCounts, step, summary, vitest } from './sections.ts'

/** `npm run check`: what to run before a commit. The house rules (tidy.test.ts) are among the unit tests. */
const counts = noCounts()
await step('types', ['tsc', '-p', '.'], 180_000, counts)
await step('lint and format', ['biome', 'check'], 120_000, counts)
await vitest('rules', ['unit'], 300_000, counts)

const { text, ok } = summary(counts, false)
console.log(text)
process.exitCode = ok ? 0 : 1
