import type { Locale } from '@efir/contract/scalars.ts'
import { formatsFor } from '@efir/words/formats.ts'
import { format } from '@efir/words/words.ts'
import type { Ctx } from '../../kernel/context.ts'
import { originOf } from '../../kernel/origin.ts'
import { type JobSpec, job } from '../../kernel/reactions.ts'
import { sql } from '../../kernel/sql.ts'
import { browserOf, personRow, systemOf } from '../identity/views.ts'
import { isolate, letterOf } from './letters.ts'

const page = (ctx: Ctx): string => `${originOf(ctx.config)}/account`

/** Somebody signed in where this person never had: the person decides whether it was them. */
async function sendNewDevice(ctx: Ctx, payload: Record<string, unknown>): Promise<void> {
  const person = await personRow(ctx, String(payload['personId']))
  const session = await ctx.maybe<{ agent: string; address: string; created_at: number }>(
    sql`select agent, address, created_at from identity.session where id = ${String(payload['sessionId'])}`,
  )
  if (!person?.email || !session) return
  const { locale } = person
  const device = [browserOf(session.agent), systemOf(session.agent)].filter(Boolean).join(', ') || '?'
  const time = `${formatsFor(locale, 'UTC').date(session.created_at, 'dateTime')} UTC`
  const values = { device: isolate(device), address: isolate(session.address), time, link: page(ctx) }
  await ctx.mail.send(
    letterOf({
      to: person.email,
      locale,
      subject: 'mail.new_device_subject',
      values: {},
      blocks: [format(locale, 'mail.new_device_text', values)],
    }),
  )
}

async function sendNewWay(ctx: Ctx, payload: Record<string, unknown>): Promise<void> {
  const person = await personRow(ctx, String(payload['personId']))
  if (!person?.email) return
  const { locale } = person
  const named = String(payload['way'])
  const provider = ctx.config.oidc.find((p) => p.id === named)?.name ?? named
  const way = isolate(named === 'passkey' ? format(locale, 'mail.way_passkey', {}) : provider)
  await ctx.mail.send(
    letterOf({
      to: person.email,
      locale,
      subject: 'mail.new_way_subject',
      values: {},
      blocks: [format(locale, 'mail.new_way_text', { way, link: page(ctx) })],
    }),
  )
}

async function sendArchive(ctx: Ctx, payload: Record<string, unknown>): Promise<void> {
  const person = await personRow(ctx, String(payload['personId']))
  const archive = await ctx.maybe<{ id: string; expires_at: number }>(
    sql`select id, expires_at from identity.archive where id = ${String(payload['archiveId'])} and expires_at is not null`,
  )
  if (!person?.email || !archive) return
  const { locale } = person
  const time = `${formatsFor(locale, 'UTC').date(archive.expires_at, 'dateTime')} UTC`
  const link = `${originOf(ctx.config)}/api/me/archives/${archive.id}`
  await ctx.mail.send(
    letterOf({
      to: person.email,
      locale,
      subject: 'mail.export_ready_subject',
      values: {},
      blocks: [format(locale, 'mail.export_ready_text', { time, link })],
    }),
  )
}

/** The last letter: the person is not known any more. */
async function sendErased(ctx: Ctx, payload: Record<string, unknown>): Promise<void> {
  const locale = payload['locale'] as Locale
  const blocks = [format(locale, 'mail.erased_text', {})]
  await ctx.mail.send(letterOf({ to: String(payload['email']), locale, subject: 'mail.erased_subject', values: {}, blocks }))
}

export const securityJobs: JobSpec[] = [
  job('notifications.sendNewDevice', sendNewDevice, 'letters'),
  job('notifications.sendNewWay', sendNewWay, 'letters'),
  job('notifications.sendArchive', sendArchive, 'letters'),
  job('notifications.sendErased', sendErased, 'letters'),
]
