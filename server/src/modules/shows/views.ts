import type { In, Out } from '@efir/contract/act.ts'
import type { Locale, LocalText } from '@efir/contract/scalars.ts'
import type * as contract from '@efir/contract/shows.ts'
import type { Ctx } from '../../kernel/context.ts'
import type { Queries } from '../../kernel/db.ts'
import { found, refuseIf } from '../../kernel/refusal.ts'
import { join, nothing, type Sql, sql } from '../../kernel/sql.ts'
import { rolesIn } from '../identity/views.ts'
import { liveUrl, replayOf } from '../media/views.ts'
import { maySee, onAir } from './rules.ts'
import type { ItemRow, ShowRow } from './tables.ts'

type Card = Out<typeof contract.createShow>
interface HostFacts {
  show_id: string
  id: string
  name: string
  picture: string | null
  locale: Locale
}
type CardRow = ShowRow & { shop_name: string; shop_slug: string; reminders: number }

const given = <T>(value: T | null): T | undefined => value ?? undefined

const cardRows = (q: Queries, where: Sql, order: Sql, limit: number) =>
  q.rows<CardRow>(
    sql`select s.*, p.name as shop_name, p.slug as shop_slug, (select count(*)::int from shows.reminder r where r.show_id = s.id) as reminders
        from shows.show s join identity.shop p on p.id = s.shop_id where ${where} order by ${order} limit ${limit}`,
  )

async function cards(q: Queries, where: Sql, order: Sql, limit: number): Promise<Card[]> {
  const rows = await cardRows(q, where, order, limit)
  const ids = rows.map((r) => r.id)
  const hosts = await q.rows<HostFacts>(
    sql`select r.place_id as show_id, p.id, p.name, p.picture, p.locale from identity.role r join identity.person p on p.id = r.person_id
        where r.place_kind = 'show' and r.role = 'host' and r.place_id = any(${ids}) order by r.given_at, p.id`,
  )
  return rows.map((row) =>
    cardView(
      row,
      hosts.filter((h) => h.show_id === row.id),
    ),
  )
}

function cardView(row: CardRow, hosts: readonly HostFacts[]): Card {
  return {
    id: row.id,
    shopId: row.shop_id,
    shopName: row.shop_name,
    shopSlug: row.shop_slug,
    seriesId: given(row.series_id),
    title: row.title,
    about: row.about,
    cover: given(row.cover),
    coverWide: given(row.cover_wide),
    state: row.state,
    visibility: row.visibility,
    languages: row.languages,
    currency: row.currency,
    topic: row.topic,
    startsAt: given(row.starts_at),
    plannedMinutes: row.planned_minutes,
    startedAt: given(row.started_at),
    endedAt: given(row.ended_at),
    hosts: hosts.map((h) => ({ id: h.id, name: h.name, picture: given(h.picture), languages: [h.locale] })),
    reminders: row.reminders,
    viewers: onAir(row.state) ? row.viewers : row.viewers_peak,
    lots: row.lots,
    demo: row.demo,
  }
}

export async function cardOf(q: Queries, showId: string): Promise<Card> {
  return found((await cards(q, sql`s.id = ${showId}`, sql`s.id`, 1))[0])
}
export const showRow = (q: Queries, showId: string) => q.maybe<ShowRow>(sql`select * from shows.show where id = ${showId}`)

/** The show, for whom it is there: drafts and team shows are their team's. */
export async function visibleShow(
  ctx: Ctx,
  showId: string,
): Promise<{ row: ShowRow; roles: ReadonlySet<string>; personId: string | null }> {
  const row = found(await showRow(ctx, showId))
  const personId = ctx.actor.kind === 'guest' || ctx.actor.kind === 'account' ? ctx.actor.personId : null
  const roles = personId ? await rolesIn(ctx, personId, { shopId: row.shop_id, showId: row.id }) : new Set<string>()
  refuseIf(!maySee(row, { operator: ctx.actor.kind === 'account' && ctx.actor.operator, roles }), 'show_not_public')
  return { row, roles, personId }
}

export async function showPage(ctx: Ctx, input: In<typeof contract.showPage>): Promise<Out<typeof contract.showPage>> {
  const { row, roles, personId } = await visibleShow(ctx, input.showId)
  const show = await cardOf(ctx, row.id)
  const mine = await ctx.one<{ reminded: boolean; following: string[] }>(
    sql`select exists (select from shows.reminder where show_id = ${row.id} and person_id = ${personId ?? ''}) as reminded,
        coalesce((select array_agg(host_id) from shows.follow where person_id = ${personId ?? ''} and host_id = any(${show.hosts.map((h) => h.id)})), '{}') as following`,
  )
  return {
    show,
    playback: await playbackOf(ctx, row),
    slate: row.slate,
    reminded: mine.reminded,
    following: mine.following,
    roles: [...roles],
    now: ctx.now(),
  }
}

async function playbackOf(ctx: Ctx, row: ShowRow): Promise<Out<typeof contract.showPage>['playback']> {
  const encoderDelayMs = row.encoder_delay_ms
  if (row.state === 'cut') return { encoderDelayMs }
  if (onAir(row.state))
    return { liveUrl: liveUrl(row.id, row.visibility === 'public' ? null : row.playback_key, ctx.now()), encoderDelayMs }
  const replay = row.state === 'replay' ? await replayOf(ctx, row.id) : null
  return replay
    ? { replayUrl: replay.url, replayStartAt: replay.startAt, replayDurationMs: replay.durationMs, encoderDelayMs }
    : { encoderDelayMs }
}

export async function storefront(ctx: Ctx, input: In<typeof contract.storefront>): Promise<Out<typeof contract.storefront>> {
  const here = input.shopId ? sql`and s.shop_id = ${input.shopId}` : nothing
  const shown = (states: string[]) => sql`s.visibility = 'public' and s.state = any(${states}) ${here}`
  const [live, soon, replays, hosts] = await Promise.all([
    cards(ctx, shown(['live', 'paused']), sql`s.viewers desc, s.started_at desc`, 24),
    cards(ctx, shown(['scheduled']), sql`s.starts_at`, 24),
    cards(ctx, shown(['replay']), sql`s.ended_at desc`, 48),
    hostsOf(ctx, here),
  ])
  return { live, soon, replays, hosts, now: ctx.now() }
}

async function hostsOf(ctx: Ctx, here: Sql) {
  const personId = ctx.actor.kind === 'guest' || ctx.actor.kind === 'account' ? ctx.actor.personId : ''
  const rows = await ctx.rows<{
    id: string
    name: string
    picture: string | null
    locale: Locale
    bio: LocalText
    shows: number
    followers: number
    live: string | null
    following: boolean
  }>(
    sql`select p.id, p.name, p.picture, p.locale, p.bio, count(*)::int as shows, max(s.id) filter (where s.state in ('live', 'paused')) as live,
          (select count(*)::int from shows.follow f where f.host_id = p.id) as followers,
          exists (select from shows.follow f where f.host_id = p.id and f.person_id = ${personId}) as following
        from identity.role r join identity.person p on p.id = r.person_id join shows.show s on s.id = r.place_id
        where r.place_kind = 'show' and r.role = 'host' and s.visibility = 'public' and s.state in ('scheduled', 'live', 'paused', 'replay', 'ended', 'archived') ${here}
        group by p.id order by (max(s.id) filter (where s.state in ('live', 'paused'))) is null, count(*) desc, p.id limit 24`,
  )
  return rows.map((h) => ({
    id: h.id,
    name: h.name,
    picture: given(h.picture),
    languages: [h.locale],
    bio: h.bio,
    shows: h.shows,
    followers: h.followers,
    liveShowId: given(h.live),
    following: h.following,
  }))
}

export async function hostPage(ctx: Ctx, input: In<typeof contract.hostPage>): Promise<Out<typeof contract.hostPage>> {
  const personId = ctx.actor.kind === 'guest' || ctx.actor.kind === 'account' ? ctx.actor.personId : ''
  const host = found(
    await ctx.maybe<{
      id: string
      name: string
      picture: string | null
      locale: Locale
      bio: LocalText
      followers: number
      following: boolean
    }>(
      sql`select p.id, p.name, p.picture, p.locale, p.bio, (select count(*)::int from shows.follow f where f.host_id = p.id) as followers,
            exists (select from shows.follow f where f.host_id = p.id and f.person_id = ${personId}) as following
          from identity.person p where p.id = ${input.hostId} and exists (select from identity.role r where r.person_id = p.id and r.role = 'host')`,
    ),
  )
  const shows = await cards(
    ctx,
    sql`s.visibility = 'public' and s.state in ('scheduled', 'live', 'paused', 'replay') and s.id in (select place_id from identity.role where person_id = ${host.id} and role = 'host')`,
    sql`case s.state when 'live' then 0 when 'paused' then 0 when 'scheduled' then 1 else 2 end, s.starts_at desc nulls last`,
    60,
  )
  return {
    host: {
      id: host.id,
      name: host.name,
      picture: given(host.picture),
      languages: [host.locale],
      bio: host.bio,
      followers: host.followers,
      following: host.following,
    },
    shows,
  }
}

const paged = (items: Card[], limit: number) => ({
  items: items.slice(0, limit),
  next: items.length > limit ? items[limit - 1]?.id : undefined,
})

export async function listShows(ctx: Ctx, input: In<typeof contract.listShows>) {
  const limit = input.limit ?? 50
  const where = [
    sql`s.shop_id = ${input.shopId}`,
    ...(input.state ? [sql`s.state = ${input.state}`] : []),
    ...(input.after ? [sql`s.id < ${input.after}`] : []),
  ]
  return paged(await cards(ctx, join(where, ' and '), sql`s.id desc`, limit + 1), limit)
}

export async function showsOnAir(ctx: Ctx): Promise<Out<typeof contract.showsOnAir>> {
  const shown = await cards(ctx, sql`s.state in ('live', 'paused', 'cut')`, sql`s.viewers desc, s.id desc`, 200)
  const reasons = await ctx.rows<{ id: string; reason: string }>(
    sql`select id, cut_reason as reason from shows.show where state = 'cut' and cut_reason is not null`,
  )
  return { shows: shown.map((show) => ({ ...show, cutReason: reasons.find((one) => one.id === show.id)?.reason })) }
}

export async function myShows(ctx: Ctx, input: In<typeof contract.myShows>) {
  const limit = input.limit ?? 50
  const me = ctx.actor.kind === 'account' ? ctx.actor.personId : ''
  const mine = sql`(s.id in (select place_id from identity.role where person_id = ${me} and place_kind = 'show')
    or s.shop_id in (select place_id from identity.role where person_id = ${me} and place_kind = 'shop' and role in ('owner', 'manager')))`
  return paged(await cards(ctx, input.after ? sql`${mine} and s.id < ${input.after}` : mine, sql`s.id desc`, limit + 1), limit)
}

export async function showTeamView(ctx: Ctx, input: In<typeof contract.showTeamView>) {
  const members = await ctx.rows<{ personId: string; name: string; role: 'host' | 'moderator' }>(
    sql`select p.id as "personId", p.name, r.role from identity.role r join identity.person p on p.id = r.person_id where r.place_kind = 'show' and r.place_id = ${input.showId} order by r.role, r.given_at`,
  )
  return { members }
}

export async function rundown(q: Queries, input: In<typeof contract.rundown>): Promise<Out<typeof contract.rundown>> {
  const rows = await q.rows<ItemRow>(sql`select * from shows.item where show_id = ${input.showId} order by position, id`)
  return {
    items: rows.map((r) => ({
      id: r.id,
      kind: r.kind,
      title: r.title,
      note: r.note,
      plannedSeconds: r.planned_seconds,
      lotId: given(r.lot_id),
      startedAt: given(r.started_at),
      endedAt: given(r.ended_at),
    })),
  }
}

/** For the reminder's mail and calendar file. */
export async function reminderLetter(q: Queries, which: { showId: string; personId?: string }) {
  const show = await cardOf(q, which.showId)
  const people = await q.rows<{ person_id: string; email: string | null; locale: Locale; name: string }>(
    sql`select r.person_id, r.email, r.locale, p.name from shows.reminder r join identity.person p on p.id = r.person_id
        where r.show_id = ${which.showId} ${which.personId ? sql`and r.person_id = ${which.personId}` : nothing}`,
  )
  return { show, people }
}
