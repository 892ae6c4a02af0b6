import type { In } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/integrations.ts'
import { sitesLimit } from '@efir/contract/integrations.ts'
import type { Wire } from '../../../kernel/bind.ts'
import { type Ctx, personOf, type Tx } from '../../../kernel/context.ts'
import { found, Refusal, refuseIf } from '../../../kernel/refusal.ts'
import { at, sql } from '../../../kernel/sql.ts'
import { makePerson } from '../../identity/verbs/enter.ts'
import { sessionOf, startSession, tokenFor } from '../../identity/verbs/sessions.ts'
import { personRow } from '../../identity/views.ts'
import { visibleShow } from '../../shows/views.ts'
import { isOwnPage } from '../rules.ts'
import { shopSites } from '../views.ts'

const tokenLastsMs = 15 * 60_000

export async function addSite(tx: Tx, input: In<typeof contract.addSite>) {
  await tx.run(sql`select pg_advisory_xact_lock(hashtext(${`sites ${input.shopId}`}))`)
  const { sites } = await shopSites(tx, input)
  const known = sites.some((site) => site.origin === input.origin)
  refuseIf(!known && sites.length >= sitesLimit, 'integration_limit', { most: sitesLimit })
  await tx.run(
    sql`insert into integrations.site values (${input.shopId}, ${input.origin}, ${at(tx.now)}, ${personOf(tx)}) on conflict do nothing`,
  )
  return await shopSites(tx, input)
}

export async function removeSite(tx: Tx, input: In<typeof contract.removeSite>) {
  const gone = await tx.run(sql`delete from integrations.site where shop_id = ${input.shopId} and origin = ${input.origin}`)
  refuseIf(gone === 0, 'not_found')
  return await shopSites(tx, input)
}

/** Only pages of our own and of sites that the show's shop has named get a guest: without one nothing is sold. */
export async function embedGuest(ctx: Ctx, input: In<typeof contract.embedGuest>, { request }: Wire) {
  const { row: show } = await visibleShow(ctx, input.showId)
  const { origin } = request.headers
  if (origin !== undefined && !isOwnPage(origin, request.headers.host, ctx.config.EFIR_ORIGIN)) {
    const site = await ctx.maybe(sql`select 1 from integrations.site where shop_id = ${show.shop_id} and origin = ${origin}`)
    refuseIf(site === null, 'site_not_allowed')
  }
  const before = await sessionOf(ctx, input.session)
  if (before && before.person.kind !== 'guest') throw new Refusal('not_allowed')
  if (before) return answer(ctx, before, input.session as string)
  const made = await ctx.transaction(async (tx) => {
    const locale = input.locale ?? ctx.locale
    const personId = await makePerson(tx, { kind: 'guest', name: `Guest ${tx.newId('person').slice(-4)}`, locale })
    const session = await startSession(tx, {
      personId,
      way: 'guest',
      agent: request.headers['user-agent'] ?? '',
      address: ctx.remote,
    })
    return { ...session, person: found(await personRow(tx, personId)) }
  })
  return answer(ctx, made, `${made.id}.${made.secret}`)
}

const answer = (ctx: Ctx, session: Parameters<typeof tokenFor>[1], text: string) => ({
  token: tokenFor(ctx, session),
  tokenUntilAt: ctx.now() + tokenLastsMs,
  session: text,
  personId: session.person.id,
  name: session.person.name,
})
