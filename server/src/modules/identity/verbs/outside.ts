import type * as contract from '@efir/contract/account.ts'
import type { In } from '@efir/contract/act.ts'
import type { RefusalCode } from '@efir/contract/refusals.ts'
import type { FastifyInstance } from 'fastify'
import type { Wire } from '../../../kernel/bind.ts'
import { type Ctx, type Kernel, personOf, type Tx } from '../../../kernel/context.ts'
import { ctxOf } from '../../../kernel/http.ts'
import { found, Refusal, refuseIf } from '../../../kernel/refusal.ts'
import { seal, unseal } from '../../../kernel/sealed.ts'
import { at, sql } from '../../../kernel/sql.ts'
import type { Credentials, Outside, OutsideFlow, OutsideProof } from '../ports.ts'
import { nameFromEmail, outsideFlowMs } from '../rules.ts'
import { siteOf } from '../site.ts'
import type { PersonRow } from '../tables.ts'
import { enter, makePerson } from './enter.ts'
import { letWait, link } from './join.ts'
import { cookieOptions, provenSession, sessionCookie, sessionOf } from './sessions.ts'

const flowCookie = 'efir_outside'

interface Flow extends OutsideFlow {
  readonly provider: string
  readonly to: string
  /** Who asked to link it; null: a sign-in. */
  readonly linkTo: string | null
}

const backOf = (ctx: Ctx, wire: Wire, provider: string) => `${siteOf(ctx, wire).origin}/api/sign-in/outside/${provider}/back`

export const startOutside = (outside: Outside) => async (ctx: Ctx, input: In<typeof contract.startOutside>, wire: Wire) => {
  found(outside.providers.find((p) => p.id === input.provider))
  const linkTo = input.link ? (await provenSession(ctx, wire)).person.id : null
  const started = await outside.start(input.provider, backOf(ctx, wire, input.provider))
  if (started === 'down') throw new Refusal('outside_down')
  const flow: Flow = { ...started.flow, provider: input.provider, to: input.to ?? '/', linkTo }
  const sealed = seal(ctx.secret, 'outside', flow, ctx.now() + outsideFlowMs)
  wire.reply.setCookie(flowCookie, sealed, { ...cookieOptions(ctx), maxAge: outsideFlowMs / 1000 })
  return { url: started.url }
}

export interface OutsideDeps {
  readonly outside: Outside
  readonly credentials: Credentials
  readonly authenticate: Parameters<typeof ctxOf>[0]['authenticate']
}

/** Where the provider sends the browser back: a page load, so every outcome is a page of ours. */
export const serveOutside = (deps: OutsideDeps) => (app: FastifyInstance, kernel: Kernel) => {
  app.get('/api/sign-in/outside/:provider/back', async (request, reply) => {
    const ctx = ctxOf({ kernel, authenticate: deps.authenticate }, request)
    const wire = { request, reply }
    const flow = unseal<Flow>(ctx.secret, 'outside', request.cookies[flowCookie], ctx.now())
    reply.clearCookie(flowCookie, cookieOptions(ctx)).header('cache-control', 'no-store')
    const to = flow?.to ?? '/'
    try {
      const { provider } = request.params as { provider: string }
      if (!flow || flow.provider !== provider) throw new Refusal('outside_failed')
      const back = new URL(request.url, siteOf(ctx, wire).origin)
      const proof = await deps.outside.finish(provider, back, flow)
      if (proof === 'down') throw new Refusal('outside_down')
      if (proof === 'refused') throw new Refusal('outside_failed')
      await takeIn(deps, ctx, wire, { flow, proof })
      return await reply.redirect(to)
    } catch (problem) {
      if (!(problem instanceof Refusal)) throw problem
      return await reply.redirect(pageFor(problem.code, to, flow?.linkTo != null))
    }
  })
}

const pageFor = (problem: RefusalCode, to: string, linking: boolean): string =>
  linking ? `/account?problem=${problem}` : `/sign-in?problem=${problem}&to=${encodeURIComponent(to)}`

interface Came {
  readonly flow: Flow
  readonly proof: OutsideProof
}

async function takeIn(deps: OutsideDeps, ctx: Ctx, wire: Wire, came: Came): Promise<void> {
  const { flow, proof } = came
  const { provider } = flow
  const named = { provider, subject: proof.subject, email: proof.email }
  if (flow.linkTo) {
    const session = await sessionOf(ctx, wire.request.cookies[sessionCookie])
    refuseIf(session?.person.id !== flow.linkTo, 'outside_failed')
    await ctx.transaction((tx) => link(tx, { ...named, personId: flow.linkTo as string }))
    return
  }
  const known = await ctx.maybe<{ person_id: string }>(
    sql`update identity.outside o set used_at = ${at(ctx.now())} from identity.person p
        where o.provider = ${provider} and o.subject = ${proof.subject} and p.id = o.person_id and p.closed_at is null returning o.person_id`,
  )
  await enter(ctx, wire, known?.person_id ?? (await personFor(deps, ctx, wire, came)), 'outside')
}

/**
 * A first time. The address joins only when the provider vouches for it, and an account that is there already only when its own person has
 * proven the address too and the operator trusts this provider's word; otherwise its person signs in to it first, and then both are joined.
 */
async function personFor(deps: OutsideDeps, ctx: Ctx, wire: Wire, { flow, proof }: Came): Promise<string> {
  const { email } = proof
  if (!email || !proof.emailVerified) throw new Refusal('outside_unverified')
  const named = { provider: flow.provider, subject: proof.subject, email }
  const there = await ctx.maybe<PersonRow>(
    sql`select * from identity.person where email = ${email} and kind = 'account' and closed_at is null`,
  )
  if (there) {
    const trusted = deps.outside.providers.find((p) => p.id === flow.provider)?.joinsByEmail ?? false
    if (!trusted || there.email_verified_at === null) {
      letWait(ctx, wire, named)
      throw new Refusal('outside_join')
    }
    await ctx.transaction((tx) => link(tx, { ...named, personId: there.id }))
    return there.id
  }
  const name = proof.name || nameFromEmail(email)
  const id = (await deps.credentials.userIdOf(email)) ?? ctx.ids.make('person')
  await ctx.transaction(async (tx) => {
    await makePerson(tx, { kind: 'account', id, name, email, locale: ctx.locale })
    await tx.run(
      sql`insert into identity.outside values (${named.provider}, ${named.subject}, ${id}, ${email}, ${at(tx.now)}, ${at(tx.now)})`,
    )
  })
  await deps.credentials.create(id, email, name)
  return id
}

export async function unlinkOutside(ctx: Ctx, input: In<typeof contract.unlinkOutside>, wire: Wire) {
  await provenSession(ctx, wire)
  const gone = await ctx.transaction((tx: Tx) =>
    tx.run(sql`delete from identity.outside where person_id = ${personOf(tx)} and provider = ${input.provider}`),
  )
  refuseIf(gone === 0, 'not_found')
  return { done: true as const }
}
