import { listShops, shopPage } from '@efir/contract/identity.ts'
import { expect, test } from 'vitest'
import { openWorld } from '../../../test/world.ts'

test('what strangers see of a shop holds none of its addresses and rules of the house', async () => {
  await using world = await openWorld()
  const settings = { returnDays: 14, mail: 'owner@example.com', blockWords: ['psst'], taxRate: 2_000, reservationMinutes: 5 }
  await world.shop({ name: 'Quiet', settings })
  const [listed] = (await world.must(null, listShops, {})).items
  expect(listed?.settings).toEqual({ returnDays: 14 })
  const page = await world.must(null, shopPage, { slug: listed?.slug as string })
  expect(page.settings).toEqual({ returnDays: 14 })
  expect(JSON.stringify([listed, page])).not.toMatch(/owner@|psst|taxRate/)
})
