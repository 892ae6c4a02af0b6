import type { In } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/identity.ts'
import { personOf, type Tx } from '../../../kernel/context.ts'
import { isUniqueViolation } from '../../../kernel/db.ts'
import { found, Refusal, refuseIf } from '../../../kernel/refusal.ts'
import { at, json, sql } from '../../../kernel/sql.ts'
import { roleGiven, roleTaken, shopChanged, shopOpened } from '../events.ts'
import { hashOf, invitationMs, newSecret } from '../rules.ts'
import type { ShopRow } from '../tables.ts'
import { normalEmail, personRow, shopOf, shopView } from '../views.ts'

export async function createShop(tx: Tx, input: In<typeof contract.createShop> & { demo?: boolean }) {
  const id = tx.newId('shop')
  try {
    await tx.run(
      sql`insert into identity.shop (id, slug, name, about, market, country, currency, demo, created_at)
          values (${id}, ${input.slug}, ${input.name}, ${json(input.about ?? {})}, ${input.market}, ${input.country}, ${input.currency}, ${input.demo ?? false}, ${at(tx.now)})`,
    )
  } catch (problem) {
    if (isUniqueViolation(problem)) throw new Refusal('slug_taken')
    throw problem
  }
  if (tx.actor.kind !== 'system') await giveShopRole(tx, id, personOf(tx), 'owner')
  await tx.announce(shopOpened, { shopId: id }, id)
  return shopView(await shopOf(tx, id))
}

export async function changeShop(tx: Tx, input: In<typeof contract.changeShop> & { logo?: string; banner?: string }) {
  const shop = found(
    await tx.maybe<ShopRow>(sql`select * from identity.shop where id = ${input.shopId} and closed_at is null for update`),
  )
  const settings = { ...shop.settings, ...input.settings }
  await tx.run(
    sql`update identity.shop set name = ${input.name ?? shop.name}, about = ${json(input.about ?? shop.about)}, settings = ${json(settings)},
        logo = ${input.logo ?? shop.logo}, banner = ${input.banner ?? shop.banner} where id = ${shop.id}`,
  )
  await tx.announce(shopChanged, { shopId: shop.id }, shop.id)
  return shopView(await shopOf(tx, shop.id))
}

async function putRole(tx: Tx, placeKind: 'shop' | 'show', placeId: string, personId: string, role: string): Promise<void> {
  const added = await tx.run(
    sql`insert into identity.role values (${personId}, ${placeKind}, ${placeId}, ${role}, ${at(tx.now)}) on conflict do nothing`,
  )
  if (added) await tx.announce(roleGiven, { personId, placeKind, placeId, role }, placeId)
}
export const giveShopRole = (tx: Tx, shopId: string, personId: string, role: 'owner' | 'manager' | 'fulfilment') =>
  putRole(tx, 'shop', shopId, personId, role)
export const giveShowRole = (tx: Tx, showId: string, personId: string, role: 'host' | 'moderator') =>
  putRole(tx, 'show', showId, personId, role)

export async function takeShowRole(tx: Tx, showId: string, personId: string, role: 'host' | 'moderator'): Promise<void> {
  const gone = await tx.run(
    sql`delete from identity.role where place_kind = 'show' and place_id = ${showId} and person_id = ${personId} and role = ${role}`,
  )
  if (gone) await tx.announce(roleTaken, { personId, placeKind: 'show', placeId: showId, role }, showId)
}

export async function giveRole(tx: Tx, input: In<typeof contract.giveRole>) {
  const person = found(await personRow(tx, input.personId))
  refuseIf(person.kind !== 'account', 'not_found')
  await giveShopRole(tx, input.shopId, person.id, input.role)
  return { done: true as const }
}

export async function takeRole(tx: Tx, input: In<typeof contract.takeRole>) {
  const owners = await tx.rows<{ person_id: string }>(
    sql`select person_id from identity.role where place_kind = 'shop' and place_id = ${input.shopId} and role = 'owner' order by person_id for update`,
  )
  refuseIf(input.role === 'owner' && owners.length === 1 && owners[0]?.person_id === input.personId, 'last_owner')
  const gone = await tx.run(
    sql`delete from identity.role where place_kind = 'shop' and place_id = ${input.shopId} and person_id = ${input.personId} and role = ${input.role}`,
  )
  if (gone)
    await tx.announce(
      roleTaken,
      { personId: input.personId, placeKind: 'shop', placeId: input.shopId, role: input.role },
      input.shopId,
    )
  return { done: true as const }
}

interface Offer {
  placeKind: 'shop' | 'show'
  placeId: string
  role: string
  email?: string
}

async function invite(tx: Tx, offer: Offer) {
  const id = tx.newId('invitation')
  const secret = newSecret()
  const expiresAt = tx.now + invitationMs
  await tx.run(
    sql`insert into identity.invitation (id, secret_hash, place_kind, place_id, role, email, invited_by, created_at, expires_at)
        values (${id}, ${hashOf(secret)}, ${offer.placeKind}, ${offer.placeId}, ${offer.role}, ${offer.email ?? null}, ${personOf(tx)}, ${at(tx.now)}, ${at(expiresAt)})`,
  )
  const link = `/invitation/${secret}`
  if (offer.email)
    await tx.addJob('notifications.sendInvitation', { email: offer.email, link, role: offer.role, locale: tx.locale })
  return { id, link, expiresAt }
}

export const inviteToShop = (tx: Tx, input: In<typeof contract.inviteToShop>) =>
  invite(tx, { placeKind: 'shop', placeId: input.shopId, role: input.role, email: input.email })
export const inviteToShow = (tx: Tx, input: In<typeof contract.inviteToShow>) =>
  invite(tx, { placeKind: 'show', placeId: input.showId, role: input.role, email: input.email })

export async function acceptInvitation(tx: Tx, input: In<typeof contract.acceptInvitation>) {
  const open = found(
    await tx.maybe<{ id: string; place_kind: 'shop' | 'show'; place_id: string; role: string; email: string | null }>(
      sql`update identity.invitation set used_at = ${at(tx.now)}, used_by = ${personOf(tx)}
          where secret_hash = ${hashOf(input.secret)} and used_at is null and revoked_at is null and expires_at > ${at(tx.now)} returning id, place_kind, place_id, role, email`,
    ),
    'invitation_gone',
  )
  if (open.email !== null) await refuseOthers(tx, open.email)
  await putRole(tx, open.place_kind, open.place_id, personOf(tx), open.role)
  return open.place_kind === 'shop' ? { shopId: open.place_id } : { showId: open.place_id }
}

/** What was mailed to somebody is theirs alone, whoever else has seen the link. */
async function refuseOthers(tx: Tx, email: string): Promise<void> {
  const person = found(await personRow(tx, personOf(tx)))
  const theirs = person.email_verified_at !== null && person.email === normalEmail(email)
  refuseIf(!theirs, 'invitation_other', { email })
}

export async function takeInvitationBack(tx: Tx, input: In<typeof contract.takeInvitationBack>) {
  const gone = await tx.run(
    sql`update identity.invitation set revoked_at = ${at(tx.now)} where id = ${input.invitationId} and place_kind = 'shop' and place_id = ${input.shopId} and revoked_at is null`,
  )
  refuseIf(gone === 0, 'not_found')
  return { done: true as const }
}
