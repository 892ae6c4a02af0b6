import type { In } from '@efir/contract/act.ts'
import type { ChatLine } from '@efir/contract/room/down.ts'
import type * as contract from '@efir/contract/room.ts'
import type { Tx } from '../../kernel/context.ts'
import type { Queries } from '../../kernel/db.ts'
import { found } from '../../kernel/refusal.ts'
import { at, sql } from '../../kernel/sql.ts'
import * as events from './events.ts'
import type { MessageRow } from './tables.ts'
import { lineOf } from './views.ts'

const done = { done: true as const }
const byWhom = (tx: Tx): string | null => ('personId' in tx.actor ? tx.actor.personId : null)

export interface LineToKeep extends ChatLine {
  readonly showId: string
  readonly key: string
}

/** Many lines, one statement, one commit. A key that was kept before answers with the line of then. */
export async function keepLines(q: Queries, lines: readonly LineToKeep[]): Promise<ChatLine[]> {
  const column = <K extends keyof LineToKeep>(name: K) => lines.map((line) => line[name] ?? null)
  const kept = await q.rows<{ id: string }>(
    sql`insert into room.message (id, show_id, person_id, name, mark, text, key, at)
        select * from unnest(${column('id')}::text[], ${column('showId')}::text[], ${column('person')}::text[], ${column('name')}::text[],
          ${column('mark')}::text[], ${column('text')}::text[], ${column('key')}::text[], ${lines.map((line) => at(line.at))}::timestamptz[])
        on conflict (show_id, person_id, key) do nothing returning id`,
  )
  const fresh = new Set(kept.map((row) => row.id))
  return await Promise.all(lines.map(async (line) => (fresh.has(line.id) ? plainLine(line) : await earlierLine(q, line))))
}

function plainLine({ id, person, name, text, at: saidAt, mark }: ChatLine): ChatLine {
  return { id, person, name, text, at: saidAt, ...(mark ? { mark } : {}) }
}

async function earlierLine(q: Queries, line: LineToKeep): Promise<ChatLine> {
  const row = await q.one<MessageRow>(
    sql`select * from room.message where show_id = ${line.showId} and person_id = ${line.person} and key = ${line.key}`,
  )
  return lineOf(row)
}

async function takeDown(tx: Tx, showId: string, messageId: string): Promise<void> {
  await tx.run(
    sql`update room.message set deleted_at = ${at(tx.now)}, deleted_by = ${byWhom(tx)} where id = ${messageId} and deleted_at is null`,
  )
  const unpinned = await tx.run(
    sql`update room.settings set pinned_message_id = null where show_id = ${showId} and pinned_message_id = ${messageId}`,
  )
  if (unpinned > 0) await tx.announce(events.messagePinned, { showId, pinned: null }, showId)
}

export async function deleteMessage(tx: Tx, input: In<typeof contract.deleteMessage>) {
  const { showId, messageId } = input
  const row = found(
    await tx.maybe<MessageRow>(sql`select * from room.message where id = ${messageId} and show_id = ${showId} for update`),
  )
  if (row.deleted_at !== null) return done
  await takeDown(tx, showId, messageId)
  await tx.announce(events.messageDeleted, { showId, messageId }, showId)
  return done
}

const personExists = async (tx: Tx, personId: string) =>
  found(await tx.maybe(sql`select 1 from identity.person where id = ${personId}`))

export async function mutePerson(tx: Tx, input: In<typeof contract.mutePerson>) {
  const { showId, personId, forMs } = input
  await personExists(tx, personId)
  const untilAt = forMs === 0 ? null : tx.now + forMs
  if (untilAt === null) await tx.run(sql`delete from room.mute where show_id = ${showId} and person_id = ${personId}`)
  else {
    await tx.run(
      sql`insert into room.mute (show_id, person_id, until_at, by_person_id, at) values (${showId}, ${personId}, ${at(untilAt)}, ${byWhom(tx)}, ${at(tx.now)})
          on conflict (show_id, person_id) do update set until_at = excluded.until_at, by_person_id = excluded.by_person_id, at = excluded.at`,
    )
  }
  await tx.announce(events.personMuted, { showId, personId, untilAt }, showId)
  return done
}

export async function banPerson(tx: Tx, input: In<typeof contract.banPerson>) {
  const { showId, personId, banned } = input
  await personExists(tx, personId)
  if (banned) {
    await tx.run(sql`insert into room.ban values (${showId}, ${personId}, ${byWhom(tx)}, ${at(tx.now)}) on conflict do nothing`)
    const pinned = await tx.maybe<{ id: string }>(
      sql`select m.id from room.settings s join room.message m on m.id = s.pinned_message_id where s.show_id = ${showId} and m.person_id = ${personId}`,
    )
    if (pinned) await takeDown(tx, showId, pinned.id)
    await tx.run(
      sql`update room.message set deleted_at = ${at(tx.now)}, deleted_by = ${byWhom(tx)} where show_id = ${showId} and person_id = ${personId} and deleted_at is null`,
    )
  } else await tx.run(sql`delete from room.ban where show_id = ${showId} and person_id = ${personId}`)
  await tx.announce(events.personBanned, { showId, personId, banned }, showId)
  return done
}

export async function pinMessage(tx: Tx, input: In<typeof contract.pinMessage>) {
  const { showId, messageId } = input
  const row =
    messageId === null
      ? null
      : found(
          await tx.maybe<MessageRow>(
            sql`select * from room.message where id = ${messageId} and show_id = ${showId} and deleted_at is null`,
          ),
        )
  await tx.run(
    sql`insert into room.settings (show_id, pinned_message_id, changed_at) values (${showId}, ${messageId}, ${at(tx.now)})
        on conflict (show_id) do update set pinned_message_id = excluded.pinned_message_id, changed_at = excluded.changed_at`,
  )
  const pinned = row && { id: row.id, name: row.name, text: row.text, ...(row.mark ? { mark: row.mark } : {}) }
  await tx.announce(events.messagePinned, { showId, pinned }, showId)
  return done
}

export async function setSlowMode(tx: Tx, input: In<typeof contract.setSlowMode>) {
  const { showId, intervalMs } = input
  await tx.run(
    sql`insert into room.settings (show_id, slow_ms, changed_at) values (${showId}, ${intervalMs}, ${at(tx.now)})
        on conflict (show_id) do update set slow_ms = excluded.slow_ms, changed_at = excluded.changed_at`,
  )
  await tx.announce(events.slowModeSet, { showId, slowMs: intervalMs }, showId)
  return done
}

async function replaceWords(tx: Tx, placeKind: 'show' | 'shop', placeId: string, words: readonly string[]): Promise<void> {
  const given = [...new Set(words.map((word) => word.trim()))]
  await tx.run(sql`delete from room.blockword where place_kind = ${placeKind} and place_id = ${placeId}`)
  await tx.run(sql`insert into room.blockword select ${placeKind}, ${placeId}, w, ${at(tx.now)} from unnest(${given}::text[]) w`)
  await tx.announce(events.blockWordsSet, { placeKind, placeId }, placeId)
}

export async function setBlockWords(tx: Tx, input: In<typeof contract.setBlockWords>) {
  await replaceWords(tx, 'show', input.showId, input.words)
  return done
}

export async function setShopBlockWords(tx: Tx, input: In<typeof contract.setShopBlockWords>) {
  await replaceWords(tx, 'shop', input.shopId, input.words)
  return done
}

/** Signing in must not shake off a mute or a ban. */
export async function onGuestClaimed(tx: Tx, body: { guestId: string; personId: string }): Promise<void> {
  const { guestId, personId } = body
  const bans = await tx.rows<{ show_id: string }>(
    sql`insert into room.ban select show_id, ${personId}, by_person_id, at from room.ban where person_id = ${guestId} on conflict do nothing returning show_id`,
  )
  const mutes = await tx.rows<{ show_id: string; until_at: number }>(
    sql`insert into room.mute select show_id, ${personId}, until_at, by_person_id, at from room.mute where person_id = ${guestId} and until_at > ${at(tx.now)}
        on conflict (show_id, person_id) do update set until_at = greatest(room.mute.until_at, excluded.until_at) returning show_id, until_at`,
  )
  for (const { show_id } of bans) await tx.announce(events.personBanned, { showId: show_id, personId, banned: true }, show_id)
  for (const { show_id, until_at } of mutes)
    await tx.announce(events.personMuted, { showId: show_id, personId, untilAt: until_at }, show_id)
}

/** Takes old lines out of the log, for shows whose past nobody needs (the demo). A pinned line stays. */
export async function forgetLines(q: Queries, showId: string, beforeAt: number): Promise<number> {
  return await q.run(
    sql`delete from room.message m where m.show_id = ${showId} and m.at < ${at(beforeAt)}
        and not exists (select from room.settings s where s.pinned_message_id = m.id)`,
  )
}
