import { expect, test } from 'vitest'
import { openWorld } from '../test/world.ts'
import { loadDemo } from './load.ts'

test('x', async () => {
  await using world = await openWorld()
  const t = performance.now()
  const demo = await loadDemo(world.kernel)
  console.log(performance.now() - t)
  await world.settle()
  expect(Object.keys(demo.shops)).toHaveLength(6)
})
