import type { In, Out } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/orders.ts'
import type { Tx } from '../../../kernel/context.ts'
import { found, refuseIf } from '../../../kernel/refusal.ts'
import { at, json, sql } from '../../../kernel/sql.ts'
import type { DeliveryMethodRow } from '../tables.ts'
import { deliveryView } from '../views/delivery.ts'

const mostMethods = 30

export async function saveDeliveryMethod(
  tx: Tx,
  input: In<typeof contract.saveDeliveryMethod>,
): Promise<Out<typeof contract.saveDeliveryMethod>> {
  refuseIf(input.daysMax < input.daysMin, 'bad_input', { field: 'daysMax', problem: 'is less than daysMin' })
  if (input.deliveryId)
    found(await tx.maybe(sql`select 1 from orders.delivery_method where id = ${input.deliveryId} and shop_id = ${input.shopId}`))
  else {
    const { count } = await tx.one<{ count: number }>(
      sql`select count(*)::int as count from orders.delivery_method where shop_id = ${input.shopId} and active`,
    )
    refuseIf(count >= mostMethods, 'bad_input', {
      field: 'shopId',
      problem: `a shop has at most ${mostMethods} ways of delivery`,
    })
  }
  const id = input.deliveryId ?? tx.newId('delivery')
  const row = await tx.maybe<DeliveryMethodRow>(
    sql`insert into orders.delivery_method (id, shop_id, kind, name, prices, free_from, countries, days_min, days_max, position, created_at, changed_at)
        values (${id}, ${input.shopId}, ${input.kind}, ${json(input.name)}, ${json(input.prices)}, ${json(input.freeFrom ?? {})}, ${[...new Set(input.countries)]}, ${input.daysMin},
          ${input.daysMax}, ${input.position}, ${at(tx.now)}, ${at(tx.now)})
        on conflict (id) do update set kind = excluded.kind, name = excluded.name, prices = excluded.prices, free_from = excluded.free_from, countries = excluded.countries,
          days_min = excluded.days_min, days_max = excluded.days_max, position = excluded.position, active = true, changed_at = excluded.changed_at
        where orders.delivery_method.shop_id = excluded.shop_id returning *`,
  )
  return deliveryView(found(row))
}

export async function removeDeliveryMethod(
  tx: Tx,
  input: In<typeof contract.removeDeliveryMethod>,
): Promise<Out<typeof contract.removeDeliveryMethod>> {
  const changed = await tx.run(
    sql`update orders.delivery_method set active = false, changed_at = ${at(tx.now)} where id = ${input.deliveryId} and shop_id = ${input.shopId} and active`,
  )
  refuseIf(changed === 0, 'not_found')
  return { done: true }
}
