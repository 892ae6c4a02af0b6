import type { In, Out, Who } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/identity.ts'
import type { Place } from '../../kernel/bind.ts'
import type { Ctx } from '../../kernel/context.ts'
import type { Queries } from '../../kernel/db.ts'
import { found, Refusal } from '../../kernel/refusal.ts'
import { at, nothing, sql } from '../../kernel/sql.ts'
import { hashOf, tokenMs } from './rules.ts'
import type { PersonRow, ShopRow } from './tables.ts'

/** Addresses are compared in lower case. */
export const normalEmail = (email: string): string => email.trim().toLowerCase()

const given = <T>(value: T | null): T | undefined => value ?? undefined

export function personView(row: PersonRow) {
  const { id, kind, name, locale, operator, demo } = row
  return {
    id,
    kind,
    name,
    email: given(row.email),
    locale,
    country: given(row.country),
    picture: given(row.picture),
    operator,
    demo,
  }
}

export function shopView(row: ShopRow) {
  const { id, slug, name, about, market, country, currency, settings, demo } = row
  return { id, slug, name, about, market, country, currency, logo: given(row.logo), banner: given(row.banner), settings, demo }
}

export const personRow = (q: Queries, personId: string) =>
  q.maybe<PersonRow>(sql`select * from identity.person where id = ${personId} and closed_at is null`)
export const shopRow = (q: Queries, shopId: string) =>
  q.maybe<ShopRow>(sql`select * from identity.shop where id = ${shopId} and closed_at is null`)
/** The shop, or `not_found`. */
export const shopOf = async (q: Queries, shopId: string): Promise<ShopRow> => found(await shopRow(q, shopId))

export async function meOf(ctx: Ctx, personId: string | null): Promise<Out<typeof contract.me>> {
  const person = personId ? await personRow(ctx, personId) : null
  const roles = person
    ? await ctx.rows<{ place_kind: string; place_id: string; role: string }>(
        sql`select place_kind, place_id, role from identity.role where person_id = ${person.id} order by given_at`,
      )
    : []
  const shopIds = roles.filter((r) => r.place_kind === 'shop').map((r) => r.place_id)
  const shops = shopIds.length
    ? await ctx.rows<ShopRow>(sql`select * from identity.shop where id = any(${shopIds}) and closed_at is null order by name`)
    : []
  const rolesAt = (placeId: string) => roles.filter((r) => r.place_id === placeId).map((r) => r.role as never)
  const showIds = new Set(roles.filter((r) => r.place_kind === 'show').map((r) => r.place_id))
  return {
    person: person ? personView(person) : null,
    shops: shops.map((s) => ({ id: s.id, name: s.name, slug: s.slug, currency: s.currency, roles: rolesAt(s.id) })),
    shows: [...showIds].slice(-200).map((id) => ({ id, roles: rolesAt(id) })),
    tokenUntilAt: person ? ctx.now() + tokenMs : null,
    demo: !ctx.config.production,
    needsOperator: await needsOperator(ctx),
    now: ctx.now(),
  }
}

export async function needsOperator(q: Queries): Promise<boolean> {
  return (await q.maybe(sql`select 1 from identity.person where operator limit 1`)) === null
}

export async function demoPeople(ctx: Ctx): Promise<Out<typeof contract.demoPeople>> {
  if (ctx.config.production) throw new Refusal('demo_off')
  const rows = await ctx.rows<{ id: string; name: string; picture: string | null; role: string }>(
    sql`select p.id, p.name, p.picture, coalesce(d.value ->> 'role', 'buyer') as role from kernel.setting d join identity.person p on p.id = d.value ->> 'personId'
        where d.name like 'demo.login.%' order by d.name limit 20`,
  )
  return { people: rows.map((r) => ({ ...r, picture: given(r.picture) })) }
}

/** Addresses and rules of the house are its people's. */
function publicView(row: ShopRow): Out<typeof contract.shopPage> {
  const { returnDays } = row.settings
  return { ...shopView(row), settings: returnDays === undefined ? {} : { returnDays } }
}

export async function shopPage(ctx: Ctx, input: In<typeof contract.shopPage>) {
  return publicView(
    found(await ctx.maybe<ShopRow>(sql`select * from identity.shop where slug = ${input.slug} and closed_at is null`)),
  )
}

export const myShop = async (ctx: Ctx, input: In<typeof contract.myShop>) => shopView(await shopOf(ctx, input.shopId))

export async function listShops(ctx: Ctx, input: In<typeof contract.listShops>) {
  const limit = input.limit ?? 50
  const rows = await ctx.rows<ShopRow>(
    sql`select * from identity.shop where closed_at is null ${input.after ? sql`and id > ${input.after}` : nothing} order by id limit ${limit + 1}`,
  )
  return { items: rows.slice(0, limit).map(publicView), next: rows.length > limit ? rows[limit - 1]?.id : undefined }
}

export async function shopTeam(ctx: Ctx, input: In<typeof contract.shopTeam>) {
  const rows = await ctx.rows<{
    id: string
    name: string
    email: string | null
    picture: string | null
    roles: ('owner' | 'manager' | 'fulfilment')[]
    since: number
  }>(
    sql`select p.id, p.name, p.email, p.picture, array_agg(r.role order by r.role) as roles, min(r.given_at) as since
        from identity.role r join identity.person p on p.id = r.person_id where r.place_kind = 'shop' and r.place_id = ${input.shopId} group by p.id order by min(r.given_at)`,
  )
  const open = await ctx.rows<{ id: string; role: string; email: string | null; expires_at: number }>(
    sql`select id, role, email, expires_at from identity.invitation where place_kind = 'shop' and place_id = ${input.shopId}
        and used_at is null and revoked_at is null and expires_at > ${at(ctx.now())} order by id`,
  )
  return {
    members: rows.map((r) => ({
      personId: r.id,
      name: r.name,
      email: given(r.email),
      picture: given(r.picture),
      roles: r.roles,
      since: r.since,
    })),
    invitations: open.map((i) => ({ id: i.id, role: i.role, email: given(i.email), expiresAt: i.expires_at })),
  }
}

export async function invitation(ctx: Ctx, input: In<typeof contract.invitation>) {
  const row = await ctx.maybe<{ role: string; place: string; email: string | null; expires_at: number }>(
    sql`select i.role, coalesce(s.name, '') as place, i.email, i.expires_at from identity.invitation i left join identity.shop s on i.place_kind = 'shop' and s.id = i.place_id
        where i.secret_hash = ${hashOf(input.secret)} and i.used_at is null and i.revoked_at is null and i.expires_at > ${at(ctx.now())}`,
  )
  const open = found(row, 'invitation_gone')
  return { role: open.role, place: open.place, email: given(open.email), expiresAt: open.expires_at }
}

export async function listPeople(ctx: Ctx, input: In<typeof contract.listPeople>) {
  const limit = input.limit ?? 50
  const search = input.search ? sql`and (name ilike ${`%${input.search}%`} or email ilike ${`%${input.search}%`})` : nothing
  const rows = await ctx.rows<PersonRow>(
    sql`select * from identity.person where kind = 'account' and closed_at is null ${search} ${input.after ? sql`and id > ${input.after}` : nothing} order by id limit ${limit + 1}`,
  )
  return { items: rows.slice(0, limit).map(personView), next: rows.length > limit ? rows[limit - 1]?.id : undefined }
}

/** Roles given for the shop and the show; who runs the show's shop also runs the show. */
export async function rolesIn(ctx: Pick<Ctx, 'rows'>, personId: string, place: Place): Promise<ReadonlySet<Who>> {
  const rows = await ctx.rows<{ place_kind: 'shop' | 'show'; role: string }>(
    sql`select place_kind, role from identity.role where person_id = ${personId}
        and ((place_kind = 'shop' and place_id = ${place.shopId ?? ''}) or (place_kind = 'show' and place_id = ${place.showId ?? ''}))`,
  )
  return new Set(rows.map((r) => `${r.place_kind}:${r.role}` as Who))
}

/** Names that people know; the order matters, because most browsers also name those they descend from. */
const browsers: readonly (readonly [RegExp, string])[] = [
  [/Edg(e|A|iOS)?\//, 'Edge'],
  [/OPR\/|Opera/, 'Opera'],
  [/YaBrowser\//, 'Yandex Browser'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/Firefox\/|FxiOS\//, 'Firefox'],
  [/Chrom(e|ium)\/|CriOS\//, 'Chrome'],
  [/Safari\//, 'Safari'],
]
const systems: readonly (readonly [RegExp, string])[] = [
  [/iPhone/, 'iPhone'],
  [/iPad/, 'iPad'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/CrOS/, 'ChromeOS'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
]
const nameIn = (names: typeof browsers, agent: string): string => names.find(([sign]) => sign.test(agent))?.[1] ?? ''
/** Empty when unknown. */
export const browserOf = (agent: string): string => nameIn(browsers, agent)
export const systemOf = (agent: string): string => nameIn(systems, agent)
