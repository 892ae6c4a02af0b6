import type { In } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/shows.ts'
import { personOf, type Tx } from '../../../kernel/context.ts'
import { found, Refusal, refuseIf } from '../../../kernel/refusal.ts'
import { at, sql } from '../../../kernel/sql.ts'
import { normalEmail, personRow } from '../../identity/views.ts'
import type { ShowRow } from '../tables.ts'

export async function remindMe(tx: Tx, input: In<typeof contract.remindMe>) {
  const show = found(await tx.maybe<ShowRow>(sql`select * from shows.show where id = ${input.showId} and visibility <> 'team'`))
  refuseIf(show.state !== 'scheduled', 'show_state', { state: show.state, act: 'remind' })
  const person = found(await personRow(tx, personOf(tx)))
  const email = input.email ?? person.email
  if (!email && !input.byPush) throw new Refusal('reminder_needs_email')
  await tx.run(
    sql`insert into shows.reminder (id, show_id, person_id, email, locale, created_at)
        values (${tx.newId('reminder')}, ${show.id}, ${person.id}, ${email ? normalEmail(email) : null}, ${tx.locale}, ${at(tx.now)})
        on conflict (show_id, person_id) do update set email = coalesce(excluded.email, reminder.email), locale = excluded.locale`,
  )
  if (!email) return { done: true as const }
  await tx.addJob(
    'notifications.sendCalendar',
    { showId: show.id, personId: person.id },
    { key: `calendar.${show.id}.${person.id}` },
  )
  return { done: true as const }
}

export async function forgetReminder(tx: Tx, input: In<typeof contract.forgetReminder>) {
  await tx.run(sql`delete from shows.reminder where show_id = ${input.showId} and person_id = ${personOf(tx)}`)
  return { done: true as const }
}

export async function followHost(tx: Tx, input: In<typeof contract.followHost>) {
  found(await tx.maybe(sql`select 1 from identity.person where id = ${input.hostId} and kind = 'account' and closed_at is null`))
  if (input.on)
    await tx.run(sql`insert into shows.follow values (${input.hostId}, ${personOf(tx)}, ${at(tx.now)}) on conflict do nothing`)
  else await tx.run(sql`delete from shows.follow where host_id = ${input.hostId} and person_id = ${personOf(tx)}`)
  return { done: true as const }
}

/** What a guest followed and wanted to be reminded of stays with the account. */
export async function onGuestClaimed(tx: Tx, body: { guestId: string; personId: string }): Promise<void> {
  await tx.run(sql`update shows.reminder r set person_id = ${body.personId} where person_id = ${body.guestId}
    and not exists (select from shows.reminder o where o.show_id = r.show_id and o.person_id = ${body.personId})`)
  await tx.run(sql`delete from shows.reminder where person_id = ${body.guestId}`)
  await tx.run(
    sql`insert into shows.follow select host_id, ${body.personId}, at from shows.follow where person_id = ${body.guestId} on conflict do nothing`,
  )
  await tx.run(sql`delete from shows.follow where person_id = ${body.guestId}`)
}
