import type { Config } from '../../../config.ts'
import type { Kernel } from '../../../kernel/context.ts'
import type { Queries } from '../../../kernel/db.ts'
import { sql } from '../../../kernel/sql.ts'
import { openSealer, type Sealer } from '../../../kernel/vault.ts'
import type { Accounts, PaymentProvider } from '../ports.ts'
import type { AccountRow } from '../tables.ts'

export interface Secrets {
  readonly secretKey: string
  /** Of providers that sign their callbacks. */
  readonly webhookSecret?: string
}

export const sealerOf = (kernel: Pick<Kernel, 'secret' | 'config'>): Sealer => {
  const before = (kernel.config.EFIR_SECRETS_BEFORE ?? '').split(',').map((s) => s.trim())
  return openSealer([kernel.secret, ...before.filter((s) => s !== '')])
}

/** The adapter of an account, made when money is asked for first, and anew after each change of it. */
export function openAccounts(kernel: Pick<Kernel, 'secret' | 'config'>): Accounts {
  const sealer = sealerOf(kernel)
  const opened = new Map<string, { version: number; provider: Promise<PaymentProvider> }>()

  function open(row: AccountRow): Promise<PaymentProvider> {
    const before = opened.get(row.id)
    if (before?.version === row.version) return before.provider
    const provider = openAdapter(kernel.config, row, JSON.parse(sealer.open(row.sealed, row.id)) as Secrets)
    opened.set(row.id, { version: row.version, provider })
    return provider
  }

  return {
    async named(q: Queries, name) {
      const [kind, id] = name.split(':')
      const row = await q.maybe<AccountRow>(sql`select * from payments.account where id = ${id ?? ''} and provider = ${kind}`)
      return row && (await open(row))
    },
    async choose(q, ask) {
      if (ask.method !== 'card') return null
      // The shop's own account comes first, but only when nobody else is paid with it.
      const only = ask.shopIds.length === 1 ? ask.shopIds[0] : null
      const row = await q.maybe<AccountRow>(
        sql`select * from payments.account where active and (markets = '{}' or ${ask.market} = any(markets)) and (shop_id is null or shop_id = ${only ?? null})
            order by shop_id nulls last, cardinality(markets) = 0, id limit 1`,
      )
      return row && (await open(row))
    },
  }
}

/** The libraries of providers are loaded only where one is used. */
async function openAdapter(config: Config, row: AccountRow, secrets: Secrets): Promise<PaymentProvider> {
  const common = {
    name: `${row.provider}:${row.id}`,
    holds: row.shop_id === null ? ('clearing' as const) : ('shop' as const),
    publicKey: row.public_key,
    secretKey: secrets.secretKey,
  }
  if (row.provider === 'yookassa') {
    const { openYooKassa } = await import('./yookassa.ts')
    return openYooKassa({ ...common, api: config.EFIR_YOOKASSA_API })
  }
  const { openStripe } = await import('./stripe.ts')
  return openStripe({ ...common, webhookSecret: secrets.webhookSecret ?? '', api: config.EFIR_STRIPE_API })
}
