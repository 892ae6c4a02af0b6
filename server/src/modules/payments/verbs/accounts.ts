import type { In, Out } from '@efir/contract/act.ts'
import type * as contract from '@efir/contract/payments.ts'
import { type Kernel, personOf, type Tx } from '../../../kernel/context.ts'
import type { Queries } from '../../../kernel/db.ts'
import { found, Refusal, refuseIf } from '../../../kernel/refusal.ts'
import { at, json, sql } from '../../../kernel/sql.ts'
import { profileOf } from '../../markets/views.ts'
import { type Secrets, sealerOf } from '../adapters/accounts.ts'
import { payAccountSaved } from '../events.ts'
import { endsOf, isLive, keyProblem } from '../rules.ts'
import type { AccountRow } from '../tables.ts'

type Saving = In<typeof contract.savePlatformPayAccount>
type Listed = Out<typeof contract.platformPayAccounts>
const maxAccounts = 20

export async function accountsOf(q: Queries & ({ readonly kernel: Kernel } | Kernel), shopId: string | null): Promise<Listed> {
  const kernel = 'kernel' in q ? q.kernel : q
  const sealer = sealerOf(kernel)
  const rows = await q.rows<AccountRow>(
    sql`select * from payments.account where shop_id is not distinct from ${shopId} order by id limit ${maxAccounts}`,
  )
  return {
    accounts: rows.map((row) => ({
      id: row.id,
      provider: row.provider,
      publicKey: row.public_key,
      markets: row.markets,
      active: row.active,
      live: isLive(row.public_key, row.ends),
      ends: row.ends,
      callbackUrl: `${kernel.config.EFIR_ORIGIN ?? `http://localhost:${kernel.config.PORT}`}/api/payments/callbacks/${row.id}`,
      sealedBefore: sealer.isOld(row.sealed),
      changedAt: row.changed_at,
    })),
  }
}

/** Secrets left out stay as they are; a payment keeps to the account it was begun with, so one is switched off, never removed. */
export async function saveAccount(tx: Tx, shopId: string | null, input: Saving): Promise<Listed> {
  const problem = keyProblem(input)
  if (problem) throw new Refusal('bad_input', problem)
  for (const code of input.markets) found(profileOf(code))
  await tx.run(sql`select pg_advisory_xact_lock(hashtextextended(${`payments.account ${shopId ?? ''}`}, 0))`)
  const { accounts } = await accountsOf(tx, shopId)
  const same = accounts.find((a) => a.provider === input.provider && a.publicKey === input.publicKey)
  refuseIf(same !== undefined && same.id !== input.accountId, 'bad_input', { field: 'publicKey', problem: 'is there already' })
  const before = input.accountId
    ? found(
        await tx.maybe<AccountRow>(
          sql`select * from payments.account where id = ${input.accountId} and shop_id is not distinct from ${shopId} for update`,
        ),
      )
    : null
  refuseIf(before !== null && before.provider !== input.provider, 'bad_input', { field: 'provider', problem: 'stays as it is' })
  refuseIf(before === null && accounts.length >= maxAccounts, 'bad_input', { field: 'accountId', problem: 'there are enough' })
  const id = before?.id ?? tx.newId('payAccount')
  const sealer = sealerOf(tx.kernel)
  const kept = before ? (JSON.parse(sealer.open(before.sealed, id)) as Secrets) : null
  const secrets = secretsOf(input, kept)
  const values = { ends: json(endsOf({ ...secrets })), sealed: sealer.seal(JSON.stringify(secrets), id), now: at(tx.now) }
  await tx.run(
    sql`insert into payments.account (id, provider, shop_id, markets, active, public_key, sealed, ends, created_at, changed_at)
        values (${id}, ${input.provider}, ${shopId}, ${input.markets}, ${input.active}, ${input.publicKey}, ${values.sealed}, ${values.ends}::jsonb, ${values.now}, ${values.now})
        on conflict (id) do update set markets = excluded.markets, active = excluded.active, public_key = excluded.public_key, sealed = excluded.sealed,
          ends = excluded.ends, version = payments.account.version + 1, changed_at = excluded.changed_at`,
  )
  const body = { accountId: id, shopId, provider: input.provider, active: input.active, personId: personOf(tx) }
  await tx.announce(payAccountSaved, body, shopId ?? undefined)
  return await accountsOf(tx, shopId)
}

function secretsOf(input: Saving, kept: Secrets | null): Secrets {
  const secretKey = input.secretKey ?? kept?.secretKey
  const webhookSecret = input.webhookSecret ?? kept?.webhookSecret
  if (!secretKey) throw new Refusal('bad_input', { field: 'secretKey', problem: 'is missing' })
  if (input.provider === 'stripe' && !webhookSecret)
    throw new Refusal('bad_input', { field: 'webhookSecret', problem: 'is missing' })
  return { secretKey, ...(webhookSecret ? { webhookSecret } : {}) }
}

export async function sealAnew(tx: Tx): Promise<{ sealed: number }> {
  const sealer = sealerOf(tx.kernel)
  const rows = await tx.rows<AccountRow>(sql`select * from payments.account order by id for update`)
  const old = rows.filter((row) => sealer.isOld(row.sealed))
  for (const row of old) {
    const sealed = sealer.seal(sealer.open(row.sealed, row.id), row.id)
    await tx.run(sql`update payments.account set sealed = ${sealed}, version = version + 1 where id = ${row.id}`)
  }
  return { sealed: old.length }
}
