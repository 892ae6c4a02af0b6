import type { In, Out } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/orders.ts'
import type { Ctx } from '../../../kernel/context.ts'
import { sql } from '../../../kernel/sql.ts'
import { callingCode, countries } from '../rules/address.ts'
import type { DeliveryMethodRow } from '../tables.ts'
import { fieldsOf } from '../verbs/quote.ts'

export const deliveryView = (row: DeliveryMethodRow): Out<typeof contract.saveDeliveryMethod> => ({
  id: row.id,
  shopId: row.shop_id,
  kind: row.kind,
  name: row.name,
  prices: row.prices,
  freeFrom: row.free_from,
  countries: row.countries,
  daysMin: row.days_min,
  daysMax: row.days_max,
  position: row.position,
})

export async function deliveryMethods(
  ctx: Ctx,
  input: In<typeof contract.deliveryMethods>,
): Promise<Out<typeof contract.deliveryMethods>> {
  const rows = await ctx.rows<DeliveryMethodRow>(
    sql`select * from orders.delivery_method where shop_id = ${input.shopId} and active order by position, id`,
  )
  return { methods: rows.map(deliveryView) }
}

export const addressForm = async (_: Ctx, input: In<typeof contract.addressForm>): Promise<Out<typeof contract.addressForm>> => ({
  country: input.country,
  fields: fieldsOf(input.country),
  callingCode: callingCode(input.country),
})

export const deliveryCountries = async (): Promise<Out<typeof contract.deliveryCountries>> => ({ countries: countries() })
