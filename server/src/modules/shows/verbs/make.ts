import { randomBytes } from 'node:crypto'
import type { In } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/shows.ts'
import { personOf, type Tx } from '../../../kernel/context.ts'
import { found, refuseIf } from '../../../kernel/refusal.ts'
import { at, json, sql } from '../../../kernel/sql.ts'
import { giveShowRole as giveRole, takeShowRole as takeRole } from '../../identity/verbs/shops.ts'
import { shopOf } from '../../identity/views.ts'
import * as events from '../events.ts'
import { isZone, onAir, weeksLater } from '../rules.ts'
import type { ItemRow, ShowRow } from '../tables.ts'
import { cardOf } from '../views.ts'
import { cancelShow, lockShow, scheduleShow } from './life.ts'

type NewShow = In<typeof contract.createShow> & { demo?: boolean; cover?: string; coverWide?: string; currency?: string }

export async function createShow(tx: Tx, input: NewShow) {
  const shop = await shopOf(tx, input.shopId)
  const id = tx.newId('show')
  const by = tx.actor.kind === 'system' ? null : personOf(tx)
  const cover = input.cover ?? (await coverOf(tx, input.shopId, input.coverPictureId))
  await tx.run(
    sql`insert into shows.show (id, shop_id, title, about, cover, cover_wide, topic, languages, currency, state, visibility, starts_at, planned_minutes, encoder_delay_ms, playback_key, demo, created_by, created_at, changed_at)
        values (${id}, ${shop.id}, ${json(input.title)}, ${json(input.about ?? {})}, ${cover}, ${input.coverWide ?? null}, ${input.topic ?? ''}, ${input.languages ?? [tx.locale]}, ${input.currency ?? shop.currency},
          'draft', ${input.visibility ?? 'public'}, ${input.startsAt === undefined ? null : at(input.startsAt)}, ${input.plannedMinutes ?? 60}, ${input.encoderDelayMs ?? 0},
          ${randomBytes(24).toString('base64url')}, ${input.demo ?? false}, ${by}, ${at(tx.now)}, ${at(tx.now)})`,
  )
  for (const personId of input.hostIds ?? (by ? [by] : [])) await giveShowRole(tx, { showId: id, personId, role: 'host' })
  return await cardOf(tx, id)
}

/** Only pictures of the same shop. */
async function coverOf(tx: Tx, shopId: string, pictureId: string | undefined): Promise<string | null> {
  if (!pictureId) return null
  return (
    found(await tx.maybe<{ id: string }>(sql`select id from catalog.picture where id = ${pictureId} and shop_id = ${shopId}`)) &&
    `/pictures/${pictureId}`
  )
}

export async function changeShow(tx: Tx, input: In<typeof contract.changeShow>) {
  const show = await lockShow(tx, input.showId)
  refuseIf(['ended', 'archived', 'cancelled'].includes(show.state), 'show_state', { state: show.state, act: 'change' })
  // What was let on air as public has no key to its picture, and what was not has one: neither changes under a publisher.
  const otherDoor = input.visibility !== undefined && input.visibility !== show.visibility
  refuseIf(onAir(show.state) && (input.startsAt !== undefined || otherDoor), 'show_state', { state: show.state, act: 'change' })
  const cover = input.coverPictureId ? await coverOf(tx, show.shop_id, input.coverPictureId) : show.cover
  await tx.run(
    sql`update shows.show set title = ${json(input.title ?? show.title)}, about = ${json(input.about ?? show.about)}, languages = ${input.languages ?? show.languages}, topic = ${input.topic ?? show.topic},
        visibility = ${input.visibility ?? show.visibility}, starts_at = coalesce(${input.startsAt === undefined ? null : at(input.startsAt)}, starts_at),
        planned_minutes = ${input.plannedMinutes ?? show.planned_minutes}, encoder_delay_ms = ${input.encoderDelayMs ?? show.encoder_delay_ms}, cover = ${cover}, changed_at = ${at(tx.now)} where id = ${show.id}`,
  )
  await tx.announce(events.showChanged, { showId: show.id }, show.id)
  return await cardOf(tx, show.id)
}

export async function duplicateShow(tx: Tx, input: In<typeof contract.duplicateShow>, series?: string) {
  const from = await lockShow(tx, input.showId)
  const id = tx.newId('show')
  await tx.run(
    sql`insert into shows.show (id, shop_id, series_id, title, about, cover, cover_wide, topic, languages, currency, state, visibility, planned_minutes, encoder_delay_ms, playback_key, demo, created_by, created_at, changed_at)
        select ${id}, shop_id, ${series ?? null}, title, about, cover, cover_wide, topic, languages, currency, 'draft', visibility, planned_minutes, encoder_delay_ms, ${randomBytes(24).toString('base64url')},
          demo, created_by, ${at(tx.now)}, ${at(tx.now)} from shows.show where id = ${from.id}`,
  )
  const hosts = await tx.rows<{ person_id: string; role: 'host' | 'moderator' }>(
    sql`select person_id, role from identity.role where place_kind = 'show' and place_id = ${from.id}`,
  )
  for (const host of hosts) await giveRole(tx, id, host.person_id, host.role)
  const items = await tx.rows<ItemRow>(
    sql`select * from shows.item where show_id = ${from.id} and kind = 'talk' order by position`,
  )
  for (const item of items) {
    await tx.run(
      sql`insert into shows.item (id, show_id, position, kind, title, note, planned_seconds) values (${tx.newId('item')}, ${id}, ${item.position}, 'talk', ${item.title}, ${item.note}, ${item.planned_seconds})`,
    )
  }
  await tx.announce(events.showDuplicated, { showId: id, fromId: from.id }, id)
  if (input.startsAt !== undefined) await scheduleShow(tx, { showId: id, startsAt: input.startsAt })
  return await cardOf(tx, id)
}

export async function createSeries(tx: Tx, input: In<typeof contract.createSeries>) {
  refuseIf(!isZone(input.zone), 'bad_input', { field: 'zone', problem: 'is no time zone' })
  const show = await lockShow(tx, input.showId)
  refuseIf(show.state !== 'scheduled' || show.starts_at === null || show.series_id !== null, 'show_state', {
    state: show.state,
    act: 'series',
  })
  const seriesId = tx.newId('series')
  await tx.run(sql`insert into shows.series values (${seriesId}, ${show.shop_id}, ${input.zone}, ${at(tx.now)})`)
  await tx.run(sql`update shows.show set series_id = ${seriesId} where id = ${show.id}`)
  const shows = [await cardOf(tx, show.id)]
  for (let week = 1; week < input.weeks; week++) {
    shows.push(
      await duplicateShow(tx, { showId: show.id, startsAt: weeksLater(show.starts_at as number, input.zone, week) }, seriesId),
    )
  }
  return { seriesId, shows }
}

export async function endSeries(tx: Tx, input: In<typeof contract.endSeries>) {
  const show = await lockShow(tx, input.showId)
  const seriesId = found(show.series_id)
  const coming = await tx.rows<ShowRow>(
    sql`select * from shows.show where series_id = ${seriesId} and state in ('draft', 'scheduled') order by id for update`,
  )
  for (const one of coming) await cancelShow(tx, { showId: one.id })
  await tx.run(sql`update shows.series set ended_at = ${at(tx.now)} where id = ${seriesId}`)
  return { cancelled: coming.length }
}

export async function giveShowRole(tx: Tx, input: In<typeof contract.giveShowRole>) {
  found(
    await tx.maybe(sql`select 1 from identity.person where id = ${input.personId} and kind = 'account' and closed_at is null`),
  )
  await giveRole(tx, input.showId, input.personId, input.role)
  return { done: true as const }
}

export async function takeShowRole(tx: Tx, input: In<typeof contract.takeShowRole>) {
  await takeRole(tx, input.showId, input.personId, input.role)
  return { done: true as const }
}
