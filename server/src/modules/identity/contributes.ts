import type { PlaceFinders } from '../../kernel/bind.ts'
import { sql } from '../../kernel/sql.ts'
import type { VerifierCheck } from '../../kernel/verifier.ts'

/** A shop is its own place; whether it exists is seen by the roles in it. */
export const places: PlaceFinders = { shopId: async (_, shopId) => ({ shopId }) }

export const verifierChecks: VerifierCheck[] = [
  {
    name: 'identity: of who is erased nothing is left',
    run: async (ctx) => {
      const rows = await ctx.rows<{ id: string }>(
        sql`select p.id from identity.person p where p.closed_at is not null and (p.email is not null or p.picture is not null or p.operator
              or exists (select from identity.session s where s.person_id = p.id and s.ended_at is null) or exists (select from identity.passkey k where k.person_id = p.id)
              or exists (select from identity.outside o where o.person_id = p.id) or exists (select from identity.role r where r.person_id = p.id)) limit 100`,
      )
      return rows.map((p) => `person ${p.id} is erased but something of them is left`)
    },
  },
]
