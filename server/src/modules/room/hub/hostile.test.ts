import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hostileTexts, wrongKinds } from '../../../../test/hostile/texts.ts'
import { world } from './testing.ts'

const seed = 20_261_121
const kinds = ['join', 'auth', 'ack', 'say', 'react', 'delay', 'ping', 'leave', 'welcome', '__proto__', '']
const anything = fc.oneof(
  fc.constantFrom(...hostileTexts, ...wrongKinds, -1, 1e308, 2 ** 53, 0.1),
  fc.integer(),
  fc.constantFrom('shw_1', 'shw_2', 'heart', 'e1'),
)
const message = fc
  .record({
    t: fc.constantFrom(...kinds),
    more: fc.dictionary(
      fc.constantFrom(
        'v',
        'room',
        'token',
        'pos',
        'frame',
        'seq',
        'key',
        'text',
        'kind',
        'count',
        'ms',
        'sentAt',
        'desk',
        '__proto__',
      ),
      anything,
      { maxKeys: 6 },
    ),
  })
  .map(({ t, more }) => JSON.stringify({ t, ...more }))
const words = fc.oneof(
  { weight: 6, arbitrary: message },
  { weight: 1, arbitrary: fc.constantFrom(...hostileTexts) },
  { weight: 1, arbitrary: fc.string({ maxLength: 200 }) },
  { weight: 1, arbitrary: fc.constantFrom('', '[]', 'null', '0', '{"t":"join"', `${'['.repeat(5_000)}`, '{"t":{"t":"say"}}') },
)

test('[ROOM14] whatever a viewer says, the room goes on for the others and the viewer is answered by the protocol or closed', async () => {
  const { hub, clock, join } = world()
  const quiet = await join({ token: 'good' })
  let closed = 0
  await fc.assert(
    fc.asyncProperty(fc.array(words, { maxLength: 30 }), fc.boolean(), async (said, joined) => {
      const hostile = await join(joined ? { token: 'bad' } : { silent: true })
      for (const text of said) hostile.connection.receive(text)
      await new Promise((resolve) => setImmediate(resolve))
      // Everything that came back is checked against the protocol here.
      hostile.said()
      if (hostile.seen.code !== 0) closed++
      hostile.connection.end()
      clock.advance(100)
      quiet.ack()
    }),
    { seed, numRuns: 400 },
  )
  expect(closed).toBeGreaterThan(100)
  expect(quiet.seen.code).toBe(0)
  quiet.tell({ t: 'ping', sentAt: 1 })
  expect(quiet.of('pong').length).toBe(1)
  expect(hub.room('shw_1')?.size).toBe(1)
})
