import { receiveStock } from '../server/src/modules/stock/verbs/goods.ts'
import { buyingSteps } from './buying.ts'
import { isLost } from './chance.ts'
import { lotSteps } from './lots.ts'
import type { Step, Steps, Story } from './story.ts'

const plainSteps: Steps = [
  [
    1,
    'restock',
    ({ world, random, variantIds }) =>
      world.tx((tx) => receiveStock(tx, { variantId: random.pick(variantIds), quantity: 1 + random.below(5) })),
  ],
  [4, 'wait', ({ world, random }) => world.advance(random.pick([500, 3_000, 5_000, 12_000, 61_000, 400_000]))],
  [3, 'settle', ({ world }) => world.settle()],
]
const steps: Steps = [...lotSteps, ...buyingSteps, ...plainSteps]
const weights = steps.reduce((sum, [weight]) => sum + weight, 0)

const killShare = 0.06

export async function nextStep(story: Story): Promise<void> {
  let place = story.random.below(weights)
  for (const [weight, name, step] of steps) {
    place -= weight
    if (place >= 0) continue
    story.said.push(`- ${name}`)
    return story.random.chance(killShare) ? await underFire(story, step) : void (await step(story))
  }
}

/** A connection to the database dies while the step is under way. Who was cut off knows nothing of what became of it. */
async function underFire(story: Story, step: Step): Promise<void> {
  const work = step(story).then(
    () => null,
    (problem: Error) => problem,
  )
  const killed = await story.chance.killSoon(story.world, story.random)
  story.said.push(`(a connection dies: ${killed})`)
  const problem = await work
  if (problem !== null && !isLost(problem)) throw problem
  if (problem !== null) story.said.push(`(lost: ${problem.message.slice(0, 60)})`)
}
