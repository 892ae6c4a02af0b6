import type { In, Out } from '@efir/contract/act.ts'
import * as contract from '@efir/contract/lots.ts'
import { createShow } from '@efir/contract/shows.ts'
import type { TestPerson, World } from '../../../test/world.ts'
import { stepShow } from '../shows/verbs/life.ts'
import { stockedVariant } from '../stock/testing.ts'

export interface Stage {
  readonly showId: string
  readonly shopId: string
  readonly host: TestPerson
  lot(given?: Partial<In<typeof contract.createLot>> & { units?: number }): Promise<string>
  open(lotId: string, given?: Partial<In<typeof contract.openLot>>): Promise<Out<typeof contract.openLot>>
  board(lotId: string): ReturnType<typeof boardLot>
}

async function boardLot(world: World, host: TestPerson, showId: string, lotId: string) {
  const board = await world.must(host, contract.lotBoard, { showId })
  const lot = board.lots.find((l) => l.id === lotId)
  if (!lot) throw new Error(`no lot ${lotId} on the board`)
  return lot
}

/** A show on air with its host, in a shop of its own. */
export async function stage(world: World, settings: object = {}): Promise<Stage> {
  const { id: shopId, owner: host } = await world.shop({ settings })
  const show = await world.must(host, createShow, { shopId, title: { en: 'A show' } } as In<typeof createShow>)
  await world.tx((tx) => stepShow(tx, show.id, 'start'))
  await world.settle()
  return {
    showId: show.id,
    shopId,
    host,
    async lot({ units = 100, ...given } = {}) {
      const variantIds = given.variantIds ?? [(await stockedVariant(world, units, { id: shopId })).variantId]
      const lot = await world.must(host, contract.createLot, {
        showId: show.id,
        price: { amount: 1000, currency: 'EUR' },
        quota: Math.min(units, 10),
        ...given,
        variantIds,
      })
      return lot.id
    },
    async open(lotId, given = {}) {
      const lot = await world.must(host, contract.openLot, { lotId, ...given })
      await world.settle()
      return lot
    },
    board: (lotId) => boardLot(world, host, show.id, lotId),
  }
}

let keys = 0
/** A tap as the web makes it. */
export const tap = (world: World, person: TestPerson, lotId: string, given: Partial<In<typeof contract.reserveLot>> = {}) =>
  world.call(person, contract.reserveLot, { lotId, quantity: 1, key: `tap-key-${++keys}`, ...given })
