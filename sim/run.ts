import { fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { digestOfMigrations } from '../scripts/migrations-digest.ts'
import { startTestPostgres } from '../server/src/kernel/embedded-postgres/testing.ts'
import { migrate } from '../server/src/kernel/migrate.ts'
import { openWorld, type World } from '../server/test/world.ts'
import { type Chance, openChance } from './chance.ts'
import { invariants, leftovers } from './invariants.ts'
import { nextStep } from './steps.ts'
import { openStory } from './story.ts'

/** The whole server under chance: `node sim/run.ts --seeds 1000 [--from 1] [--steps 14] | --seed 42`. A seed tells the same story each time. */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    from: { type: 'string' },
    seed: { type: 'string' },
    verbose: { type: 'boolean' },
    share: { type: 'string' },
    steps: { type: 'string' },
  },
})
const stepsPerSeed = Number(values.steps ?? 14)
const seedsPerWorld = 50
const workers = 3

async function play(world: World, chance: Chance, seed: number): Promise<string | null> {
  const story = await openStory(world, chance, seed)
  try {
    for (let step = 0; step < stepsPerSeed; step++) {
      await nextStep(story)
      const wrong = await invariants(story)
      if (wrong.length) return `after step ${step + 1}: ${wrong.join('; ')}\n  ${story.said.slice(-12).join('\n  ')}`
    }
    chance.calm()
    // Longer than a hold lasts: whatever died before, nothing may be left that nobody ends.
    await world.advance(11 * 60_000)
    const left = await leftovers(world, { heldMs: 30_000 })
    return left.length ? `after its end: ${left.join('; ')}` : null
  } catch (problem) {
    return `${(problem as Error).stack}\n  ${story.said.slice(-12).join('\n  ')}`
  } finally {
    chance.calm()
    if (values.verbose) console.log(story.said.join('\n'))
  }
}

/** Everything comes to its end, then every journal must agree with what it tells. */
async function differences(world: World): Promise<string[]> {
  await world.settle()
  await world.advance(3 * 3_600_000)
  const checks = world.app.modules.flatMap((m) => m.verifierChecks ?? [])
  const found = await Promise.all(checks.map(async (c) => (await c.run(world.ctx)).map((d) => `${c.name}: ${d}`)))
  return [...found.flat(), ...(await leftovers(world, { heldMs: 3_600_000 }))]
}

async function run(seeds: readonly number[]): Promise<number[]> {
  const failed: number[] = []
  await using chance = openChance(process.env['EFIR_TEST_PG'] ?? '')
  for (let at = 0; at < seeds.length; at += seedsPerWorld) {
    await using world = await openWorld({ around: chance.around })
    const group = seeds.slice(at, at + seedsPerWorld)
    for (const seed of group) {
      const problem = await play(world, chance, seed)
      if (problem === null) continue
      failed.push(seed)
      console.log(`seed ${seed} failed: ${problem}`)
    }
    const wrong = await differences(world)
    if (wrong.length) {
      failed.push(...group.filter((s) => !failed.includes(s)))
      console.log(`seeds ${group[0]}..${group.at(-1)}: the verifier finds\n  ${wrong.slice(0, 20).join('\n  ')}`)
    }
  }
  return failed
}

const kept = JSON.parse(readFileSync(join(import.meta.dirname, 'seeds.json'), 'utf8')) as number[]
const from = Number(values.from ?? 1)
const seeds = values.seed
  ? [Number(values.seed)]
  : [...kept, ...Array.from({ length: Number(values.seeds ?? 100) }, (_, i) => from + i)]
/** Worlds are apart from one another, so some processes share the seeds among them. */
async function shared(all: readonly number[]): Promise<number[]> {
  if (all.length < 50) return await run(all)
  const size = Math.min(seedsPerWorld, Math.ceil(all.length / workers))
  const shares = Array.from({ length: workers }, (_, w) => all.filter((_, i) => Math.floor(i / size) % workers === w))
  return (await Promise.all(shares.map(inProcess))).flat()
}

function inProcess(share: readonly number[]): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const child = fork(import.meta.filename, ['--share', share.join(','), '--steps', String(stepsPerSeed)], { env: process.env })
    let failed: number[] | null = null
    child.on('message', (message) => {
      failed = message as number[]
    })
    child.on('error', reject)
    child.on('exit', (code) => (failed ? resolve(failed) : reject(new Error(`a simulation process ended with ${code}`))))
  })
}

async function main(): Promise<void> {
  if (values.share) {
    const failed = await run(values.share.split(',').map(Number))
    process.send?.(failed)
    process.disconnect?.()
    return
  }
  await using postgres = await startTestPostgres({ prepare: migrate, digest: digestOfMigrations() })
  process.env['EFIR_TEST_PG'] = postgres.adminUrl
  const began = performance.now()
  const failed = await shared(seeds)
  console.log(
    `${seeds.length} seeds, ${failed.length} failed, ${stepsPerSeed} steps each, ${((performance.now() - began) / 1000).toFixed(0)} s`,
  )
  if (failed.length) {
    console.log(`Run one again: npm run sim -- --seed=${failed[0]}`)
    process.exitCode = 1
  }
}

await main()
