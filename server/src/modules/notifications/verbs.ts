import { createHash } from 'node:crypto'
import type { In } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/notifications.ts'
import { personOf, type Tx } from '../../kernel/context.ts'
import { Refusal } from '../../kernel/refusal.ts'
import { at, sql } from '../../kernel/sql.ts'

export const markOf = (endpoint: string): string => createHash('sha256').update(endpoint).digest('hex')
const mostDevices = 10

/** Who knows the endpoint holds the browser: a browser on which somebody else signs in is theirs from then on. */
export async function setPush(tx: Tx, input: In<typeof contract.setPush>) {
  const { endpoint, p256dh, auth, locale, shows, orders } = input
  const reason = tx.kernel.outbound.refuses(endpoint)
  if (reason) throw new Refusal('push_address_refused', { reason })
  const me = personOf(tx)
  await tx.run(
    sql`insert into notifications.push (mark, person_id, endpoint, p256dh, auth, locale, shows, orders, created_at, changed_at)
        values (${markOf(endpoint)}, ${me}, ${endpoint}, ${p256dh}, ${auth}, ${locale}, ${shows}, ${orders}, ${at(tx.now)}, ${at(tx.now)})
        on conflict (mark) do update set person_id = excluded.person_id, p256dh = excluded.p256dh, auth = excluded.auth, locale = excluded.locale,
          shows = excluded.shows, orders = excluded.orders, failures = 0, changed_at = excluded.changed_at`,
  )
  await tx.run(
    sql`delete from notifications.push where mark in
        (select mark from notifications.push where person_id = ${me} order by changed_at desc, mark offset ${mostDevices})`,
  )
  return { done: true as const }
}

export async function forgetPush(tx: Tx, input: In<typeof contract.forgetPush>) {
  await tx.run(sql`delete from notifications.push where mark = ${input.mark} and person_id = ${personOf(tx)}`)
  return { done: true as const }
}

/** The browser of a guest stays with the account. */
export async function onGuestClaimed(tx: Tx, body: { guestId: string; personId: string }): Promise<void> {
  await tx.run(sql`update notifications.push set person_id = ${body.personId} where person_id = ${body.guestId}`)
}
