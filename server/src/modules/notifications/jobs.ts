import { type Locale, textIn } from '@efir/contract/scalars.ts'
import { formatsFor } from '@efir/words/formats.ts'
import { format, wordsIn } from '@efir/words/words.ts'
import type { Ctx } from '../../kernel/context.ts'
import { originOf } from '../../kernel/origin.ts'
import { type JobSpec, job } from '../../kernel/reactions.ts'
import { at, sql } from '../../kernel/sql.ts'
import { reminderLetter } from '../shows/views.ts'
import { calendarFile } from './calendar.ts'
import { letterOf } from './letters.ts'
import { orderJobs } from './order-letters.ts'
import { pushJobs } from './push-jobs.ts'
import { securityJobs } from './security-letters.ts'

async function sendCode(ctx: Ctx, payload: Record<string, unknown>): Promise<void> {
  const email = String(payload['email'])
  const code = String(payload['code'])
  const known = await ctx.maybe<{ locale: Locale }>(
    sql`select locale from identity.person where email = ${email} and kind = 'account'`,
  )
  const locale = known?.locale ?? (payload['locale'] as Locale | undefined) ?? 'en'
  await ctx.mail.send(
    letterOf({
      to: email,
      locale,
      subject: 'mail.code_subject',
      values: { code },
      blocks: [format(locale, 'mail.code_text', { code })],
    }),
  )
}

const roleKeys = {
  owner: 'mail.role_owner',
  manager: 'mail.role_manager',
  fulfilment: 'mail.role_fulfilment',
  host: 'mail.role_host',
  moderator: 'mail.role_moderator',
} as const

async function sendInvitation(ctx: Ctx, payload: Record<string, unknown>): Promise<void> {
  const locale = (payload['locale'] as Locale | undefined) ?? 'en'
  const role = format(locale, roleKeys[payload['role'] as keyof typeof roleKeys])
  const text = format(locale, 'mail.invitation_text', { role, link: `${originOf(ctx.config)}${String(payload['link'])}` })
  await ctx.mail.send(
    letterOf({ to: String(payload['email']), locale, subject: 'mail.invitation_subject', values: {}, blocks: [text] }),
  )
}

async function sendCalendar(ctx: Ctx, payload: Record<string, unknown>): Promise<void> {
  const { show, people } = await reminderLetter(ctx, { showId: String(payload['showId']), personId: String(payload['personId']) })
  const person = people[0]
  if (!person?.email || show.startsAt === undefined) return
  const { locale } = person
  const title = textIn(show.title, locale)
  const link = `${originOf(ctx.config)}/show/${show.id}`
  const time = formatsFor(locale, 'UTC').date(show.startsAt, 'dateTime')
  const content = calendarFile({ id: show.id, title, startsAt: show.startsAt, minutes: show.plannedMinutes, url: link })
  await ctx.mail.send(
    letterOf({
      to: person.email,
      locale,
      subject: 'mail.reminder_subject',
      values: { show: title },
      blocks: [wordsIn(locale)('mail.reminder_text', { show: title, time: `${time} UTC`, link })],
      attachments: [{ filename: 'efir.ics', content, contentType: 'text/calendar; charset=utf-8; method=PUBLISH' }],
    }),
  )
}

/** Calls everybody who asked to be reminded and everybody who follows a host; each person once, in bounded steps. */
async function callFollowers(ctx: Ctx, payload: Record<string, unknown>): Promise<void> {
  const showId = String(payload['showId'])
  const people = await ctx.rows<{ person_id: string; email: string; locale: Locale }>(
    sql`select distinct on (email) person_id, email, locale from (
          select person_id, email, locale from shows.reminder where show_id = ${showId} and sent_at is null and email is not null
          union all
          select p.id, p.email, p.locale from shows.follow f join identity.person p on p.id = f.person_id join identity.role r on r.person_id = f.host_id
            where r.place_kind = 'show' and r.place_id = ${showId} and r.role = 'host' and p.email is not null and p.kind = 'account') who
        where not exists (select from notifications.called c where c.show_id = ${showId} and c.email = who.email) order by email limit 200`,
  )
  await ctx.transaction(async (tx) => {
    for (const { email, locale } of people) {
      const fresh = await tx.run(
        sql`insert into notifications.called values (${showId}, ${email}, ${at(tx.now)}) on conflict do nothing`,
      )
      if (fresh === 0) continue
      await tx.run(sql`update shows.reminder set sent_at = ${at(tx.now)} where show_id = ${showId} and email = ${email}`)
      await tx.addJob('notifications.callOne', { showId, email, locale }, { key: `call.${showId}.${email}`, maxAttempts: 8 })
    }
    if (people.length === 200) await tx.addJob('notifications.callFollowers', { showId })
  })
}

/** A letter of its own for each: an address that no server takes holds up nobody else. */
async function callOne(ctx: Ctx, payload: Record<string, unknown>): Promise<void> {
  const showId = String(payload['showId'])
  const locale = payload['locale'] as Locale
  const { show } = await reminderLetter(ctx, { showId, personId: '' })
  const title = textIn(show.title, locale)
  const values = { show: title, host: show.hosts[0]?.name ?? show.shopName, link: `${originOf(ctx.config)}/show/${showId}` }
  await ctx.mail.send(
    letterOf({
      to: String(payload['email']),
      locale,
      subject: 'mail.on_air_subject',
      values,
      blocks: [format(locale, 'mail.on_air_text', values)],
    }),
  )
}

/** To everybody who runs the shop: what is announced no longer reaches their program. */
async function sendEndpointDisabled(ctx: Ctx, payload: Record<string, unknown>): Promise<void> {
  const people = await ctx.rows<{ email: string; locale: Locale }>(
    sql`select distinct p.email, p.locale from identity.role r join identity.person p on p.id = r.person_id
        where r.place_kind = 'shop' and r.place_id = ${String(payload['shopId'])} and r.role in ('owner', 'manager') and p.email is not null limit 50`,
  )
  const values = { url: String(payload['url']), link: `${originOf(ctx.config)}/office/developers?tab=webhooks` }
  for (const { email, locale } of people)
    await ctx.mail.send(
      letterOf({
        to: email,
        locale,
        subject: 'mail.endpoint_subject',
        values,
        blocks: [format(locale, 'mail.endpoint_text', values)],
      }),
    )
}

export const jobs: JobSpec[] = [
  job('notifications.sendEndpointDisabled', sendEndpointDisabled, 'letters'),
  ...orderJobs,
  ...securityJobs,
  ...pushJobs,
  job('notifications.sendCode', sendCode, 'letters'),
  job('notifications.sendInvitation', sendInvitation, 'letters'),
  job('notifications.sendCalendar', sendCalendar, 'letters'),
  job('notifications.callFollowers', callFollowers, 'letters'),
  job('notifications.callOne', callOne, 'letters'),
]
