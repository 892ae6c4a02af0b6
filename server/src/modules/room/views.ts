import type { In, Out } from '@efir/contract/act.ts'
import type { ChatLine, ChatMark } from '@efir/contract/room/down.ts'
import type * as contract from '@efir/contract/room.ts'
import type { Ctx } from '../../kernel/context.ts'
import type { Queries } from '../../kernel/db.ts'
import { at, join, sql } from '../../kernel/sql.ts'
import { showRow, visibleShow } from '../shows/views.ts'
import type { RoomStart } from './hub/room.ts'
import { blockListOf, type ChatPolicy } from './rules.ts'
import type { MessageRow, SettingsRow } from './tables.ts'

export function lineOf(row: MessageRow): ChatLine {
  return {
    id: row.id,
    person: row.person_id,
    name: row.name,
    text: row.text,
    at: row.at,
    ...(row.mark ? { mark: row.mark } : {}),
  }
}

/** Who has the desk of a show, and as what their lines are marked; the nearest role counts. */
export async function marksOf(q: Queries, showId: string, shopId: string): Promise<Map<string, ChatMark>> {
  const rows = await q.rows<{ person_id: string; role: string }>(
    sql`select person_id, role from identity.role where (place_kind = 'show' and place_id = ${showId})
        or (place_kind = 'shop' and place_id = ${shopId} and role in ('owner', 'manager'))`,
  )
  const marks = new Map<string, ChatMark>()
  for (const mark of ['shop', 'moderator', 'host'] as const) {
    for (const row of rows) {
      if (mark === row.role || (mark === 'shop' && (row.role === 'owner' || row.role === 'manager')))
        marks.set(row.person_id, mark)
    }
  }
  return marks
}

const settingsOf = (q: Queries, showId: string) =>
  q.maybe<SettingsRow>(sql`select * from room.settings where show_id = ${showId}`)
const wordsOf = async (q: Queries, kind: 'show' | 'shop', id: string) =>
  (
    await q.rows<{ word: string }>(
      sql`select word from room.blockword where place_kind = ${kind} and place_id = ${id} order by word limit 500`,
    )
  ).map((row) => row.word)
const bannedIn = async (q: Queries, showId: string) =>
  new Set(
    (await q.rows<{ person_id: string }>(sql`select person_id from room.ban where show_id = ${showId}`)).map(
      (row) => row.person_id,
    ),
  )

export interface ShowPolicy extends ChatPolicy {
  readonly shopId: string
  readonly entry: RoomStart['entry']
  readonly marks: ReadonlyMap<string, ChatMark>
}

/** All that decides about a line of chat, read at once and kept until something is announced. */
export async function policyOf(
  ctx: Pick<Ctx, 'rows' | 'one' | 'maybe' | 'run' | 'now'>,
  showId: string,
): Promise<ShowPolicy | null> {
  const show = await showRow(ctx, showId)
  if (!show) return null
  const [marks, settings, words, shopWords, banned, mutes] = await Promise.all([
    marksOf(ctx, showId, show.shop_id),
    settingsOf(ctx, showId),
    wordsOf(ctx, 'show', showId),
    wordsOf(ctx, 'shop', show.shop_id),
    bannedIn(ctx, showId),
    ctx.rows<{ person_id: string; until_at: number }>(
      sql`select person_id, until_at from room.mute where show_id = ${showId} and until_at > ${at(ctx.now())}`,
    ),
  ])
  return {
    shopId: show.shop_id,
    state: show.state,
    entry: show.visibility === 'team' || show.state === 'draft' ? 'team' : 'all',
    marks,
    slowMs: settings?.slow_ms ?? 0,
    words: blockListOf([...words, ...shopWords]),
    banned,
    muted: new Map(mutes.map((row) => [row.person_id, row.until_at])),
  }
}

const glimpseLines = 12

/** As whoever may open the show's page sees it: oldest first, without what was deleted or whose sender was sent out. */
export async function chatGlimpse(ctx: Ctx, input: In<typeof contract.chatGlimpse>): Promise<Out<typeof contract.chatGlimpse>> {
  const { row: show } = await visibleShow(ctx, input.showId)
  const lines = await ctx.rows<MessageRow>(
    sql`select * from room.message m where show_id = ${show.id} and deleted_at is null
          and not exists (select from room.ban b where b.show_id = m.show_id and b.person_id = m.person_id)
        order by id desc limit ${glimpseLines}`,
  )
  return { lines: lines.reverse().map(lineOf) }
}

/** The room's own part of what a newcomer needs; the parts of other modules are added by their contributions. */
export async function roomStart(ctx: Ctx, showId: string, history: number): Promise<RoomStart | null> {
  const policy = await policyOf(ctx, showId)
  if (!policy) return null
  const settings = await settingsOf(ctx, showId)
  const pinned = settings?.pinned_message_id
    ? await ctx.maybe<MessageRow>(sql`select * from room.message where id = ${settings.pinned_message_id} and deleted_at is null`)
    : null
  const lines = await ctx.rows<MessageRow>(
    sql`select * from room.message where show_id = ${showId} and deleted_at is null order by id desc limit ${history}`,
  )
  return {
    entry: policy.entry,
    marks: policy.marks,
    banned: policy.banned,
    chat: lines.reverse().map(lineOf),
    state: [
      ...(policy.slowMs > 0 ? [{ k: 'slow', value: { ms: policy.slowMs } }] : []),
      ...(pinned
        ? [
            {
              k: 'pinnedMessage',
              value: { id: pinned.id, name: pinned.name, text: pinned.text, ...(pinned.mark ? { mark: pinned.mark } : {}) },
            },
          ]
        : []),
    ],
  }
}

export async function chatLog(ctx: Ctx, input: In<typeof contract.chatLog>): Promise<Out<typeof contract.chatLog>> {
  const limit = input.limit ?? 100
  const where = [sql`show_id = ${input.showId}`]
  if (input.after) where.push(sql`id < ${input.after}`)
  if (input.personId) where.push(sql`person_id = ${input.personId}`)
  if (input.find) where.push(sql`position(lower(${input.find}) in lower(text)) > 0`)
  const rows = await ctx.rows<MessageRow>(
    sql`select * from room.message where ${join(where, ' and ')} order by id desc limit ${limit + 1}`,
  )
  const items = rows.slice(0, limit).map((row) => ({
    ...lineOf(row),
    ...(row.deleted_at === null ? {} : { deletedAt: row.deleted_at }),
    ...(row.deleted_by === null ? {} : { deletedBy: row.deleted_by }),
  }))
  const last = items.at(-1)
  return { items, ...(rows.length > limit && last ? { next: last.id } : {}) }
}

export async function roomSettings(
  ctx: Ctx,
  input: In<typeof contract.roomSettings>,
): Promise<Out<typeof contract.roomSettings>> {
  const { showId } = input
  const show = await showRow(ctx, showId)
  const people = await ctx.rows<{ personId: string; name: string; until: number | null; banned: boolean }>(
    sql`select p.id as "personId", p.name, m.until_at as until, b.person_id is not null as banned
        from (select person_id, max(at) as at from (select person_id, at from room.ban where show_id = ${showId}
              union all select person_id, at from room.mute where show_id = ${showId} and until_at > ${at(ctx.now())}) all_held group by person_id) held
        join identity.person p on p.id = held.person_id
        left join room.ban b on b.show_id = ${showId} and b.person_id = p.id
        left join room.mute m on m.show_id = ${showId} and m.person_id = p.id and m.until_at > ${at(ctx.now())}
        order by held.at desc, p.id limit 500`,
  )
  return {
    slowMs: (await settingsOf(ctx, showId))?.slow_ms ?? 0,
    words: await wordsOf(ctx, 'show', showId),
    shopWords: show ? await wordsOf(ctx, 'shop', show.shop_id) : [],
    people: people.map(({ personId, name, until, banned }) => ({
      personId,
      name,
      banned,
      ...(until === null ? {} : { mutedUntilAt: until }),
    })),
  }
}

export async function shopBlockWords(
  ctx: Ctx,
  input: In<typeof contract.shopBlockWords>,
): Promise<Out<typeof contract.shopBlockWords>> {
  return { words: await wordsOf(ctx, 'shop', input.shopId) }
}

/** Another after each restore of the database: its tables are made anew, or its timeline forks. */
export async function lifeOfLog(q: Queries): Promise<string> {
  const { life } = await q.one<{ life: string }>(
    sql`select concat_ws('.', oid, 'kernel.event'::regclass::oid, substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)) as life from pg_database where datname = current_database()`,
  )
  return life
}
