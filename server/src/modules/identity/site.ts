import { isIP } from 'node:net'
import type { Wire } from '../../kernel/bind.ts'
import type { Ctx } from '../../kernel/context.ts'

/** Where people are: the operator's address; in a demo without one, the address that the browser asked. */
export function siteOf(ctx: Ctx, wire: Wire): { origin: string; host: string } {
  const { request } = wire
  const origin = ctx.config.EFIR_ORIGIN ?? `${request.protocol}://${request.host}`
  return { origin: new URL(origin).origin, host: new URL(origin).hostname }
}

/** Passkeys belong to a domain (Web Authentication level 3, 5.1.2: an effective domain): none for a bare address. */
export function passkeyHost(ctx: Ctx, wire: Wire): string | null {
  const { host } = siteOf(ctx, wire)
  return isIP(host.replace(/^\[|\]$/g, '')) ? null : host
}
