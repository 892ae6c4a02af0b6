import { expect, test } from 'vitest'
import { openLane } from './lane.ts'

/** A lane whose batches return when the test says so. */
function manual(size: number, keyOf: (row: string) => string = (row) => row) {
  const batches: string[][] = []
  const returns: (() => void)[] = []
  const answered: string[] = []
  const lane = openLane<string>({
    size,
    keyOf,
    run(rows) {
      batches.push(rows)
      return new Promise((resolve) => returns.push(() => resolve(() => void answered.push(...rows))))
    },
  })
  return {
    lane,
    batches,
    answered,
    async next() {
      returns.shift()?.()
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

test('[STK14] an idle lane starts at once, a busy one gathers', async () => {
  const { lane, batches, answered, next } = manual(10)
  for (const row of ['a', 'b', 'c']) lane.push(row)
  expect(batches).toEqual([['a']])
  await next()
  expect([batches, answered]).toEqual([[['a'], ['b', 'c']], ['a']])
  await next()
  await lane.idle()
  expect(answered).toEqual(['a', 'b', 'c'])
})

test('[STK14] a batch is bounded and arrival order is kept', async () => {
  const { lane, batches, next } = manual(2)
  for (const row of ['a', 'b', 'c', 'd', 'e']) lane.push(row)
  for (let i = 0; i < 3; i++) await next()
  expect(batches).toEqual([['a'], ['b', 'c'], ['d', 'e']])
})

test('[STK4] rows with one key never share a batch', async () => {
  const { lane, batches, next } = manual(10, (row) => row[0] ?? '')
  for (const row of ['x', 'a1', 'a2', 'b1', 'a3']) lane.push(row)
  for (let i = 0; i < 4; i++) await next()
  expect(batches).toEqual([['x'], ['a1', 'b1'], ['a2'], ['a3']])
})
