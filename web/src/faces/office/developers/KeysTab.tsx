import type { Out } from '@efir/contract/act.ts'
import { makeShopKey, revokeShopKey, shopKeyCalls, shopKeys } from '@efir/contract/integrations.ts'
import { useState } from 'react'
import { useAct, useView } from '../../../net/query.ts'
import { ProblemNote, ProblemState } from '../../../parts/face/problem.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Checkbox, Select } from '../../../ui/Choice.tsx'
import { now } from '../../../ui/clock.ts'
import { FieldGroup } from '../../../ui/Field.tsx'
import { type DotState, StateDot } from '../../../ui/Marks.tsx'
import { EmptyState, Skeleton } from '../../../ui/State.tsx'
import { TextInput } from '../../../ui/TextInput.tsx'
import { useFormats, useWords } from '../../../ui/words.tsx'
import { useShop } from '../frame/shop.ts'
import { Once } from './Once.tsx'

type Key = Out<typeof shopKeys>['keys'][number]
const changed = [shopKeys] as const

export function KeysTab() {
  const words = useWords('developers')
  const shop = useShop()
  const view = useView(shopKeys, { shopId: shop.id })
  if (view.state === 'loading') return <Skeleton height="320px" />
  if (view.state === 'failed') return <ProblemState problem={view.problem} again={view.again} />
  const { keys, scopes } = view.value
  return (
    <>
      <p className="muted">{words('developers.keys_text')}</p>
      {keys.length === 0 ? <EmptyState title={words('developers.no_keys')} /> : null}
      <ul className="dev-list">
        {keys.map((key) => (
          <KeyRow key={key.id} of={key} />
        ))}
      </ul>
      <NewKey scopes={scopes} />
    </>
  )
}

function KeyRow({ of }: { readonly of: Key }) {
  const words = useWords('developers', 'refusals')
  const formats = useFormats()
  const shop = useShop()
  const revoking = useAct(revokeShopKey, { changes: changed })
  const [open, setOpen] = useState(false)
  const state = of.revokedAt ? 'revoked' : of.expiresAt <= now() ? 'expired' : 'active'
  const dots: Readonly<Record<typeof state, DotState>> = { revoked: 'wrong', expired: 'off', active: 'done' }
  const used = of.lastUsedAt
    ? words('developers.last_used', { time: formats.relative(of.lastUsedAt, now()) })
    : words('developers.never_used')
  return (
    <li className="dev-row">
      <div className="dev-head">
        <b>
          <bdi>{of.name}</bdi>
        </b>
        <StateDot state={dots[state]}>{words(`developers.${state}`)}</StateDot>
        {state === 'active' ? (
          <Button
            size="s"
            kind="danger"
            busy={revoking.busy}
            onPress={() => void revoking.run({ shopId: shop.id, apiKeyId: of.id })}
          >
            {words('developers.revoke')}
          </Button>
        ) : null}
      </div>
      <code className="dev-code" dir="ltr">
        {of.start}…
      </code>
      <p className="muted">
        {[
          words('developers.made_by', { name: of.madeBy }),
          words('developers.until', { date: formats.date(of.expiresAt, 'date') }),
          used,
        ].join(' · ')}
      </p>
      <p className="dev-scopes" dir="ltr">
        {of.scopes.join('  ')}
      </p>
      <Button size="s" kind="ghost" expanded={open} onPress={() => setOpen(!open)}>
        {words('developers.calls')}
      </Button>
      {open ? <Calls apiKeyId={of.id} /> : null}
      <ProblemNote problem={revoking.problem} />
    </li>
  )
}

function Calls({ apiKeyId }: { readonly apiKeyId: string }) {
  const words = useWords('developers')
  const formats = useFormats()
  const shop = useShop()
  const view = useView(shopKeyCalls, { shopId: shop.id, apiKeyId, limit: 30 })
  if (view.state === 'loading') return <Skeleton height="80px" />
  if (view.state === 'failed') return <ProblemState problem={view.problem} again={view.again} />
  if (view.value.items.length === 0) return <p className="muted">{words('developers.no_calls')}</p>
  return (
    <ul className="dev-calls" dir="ltr">
      {view.value.items.map((call) => (
        <li key={call.requestId}>
          <span>{formats.date(call.at, 'clock')}</span> <b>{call.status}</b> <code>{call.act}</code>{' '}
          <span>{call.refusal ?? ''}</span> <span className="muted">{call.from}</span>
        </li>
      ))}
    </ul>
  )
}

const lives = [7, 30, 90, 365] as const

function NewKey({ scopes }: { readonly scopes: readonly string[] }) {
  const words = useWords('developers', 'refusals')
  const shop = useShop()
  const making = useAct(makeShopKey, { changes: changed })
  const [name, setName] = useState('')
  const [days, setDays] = useState<string>('90')
  const [held, setHeld] = useState<ReadonlySet<string>>(new Set())
  const [secret, setSecret] = useState('')
  const tick = (scope: string, on: boolean) =>
    setHeld((all) => new Set(on ? [...all, scope] : [...all].filter((one) => one !== scope)))
  const submit = async () => {
    const answer = await making.run({ shopId: shop.id, name: name.trim(), days: Number(days), scopes: [...held] })
    if (!answer.ok) return
    setSecret(answer.value.secret)
    setName('')
    setHeld(new Set())
  }
  return (
    <form
      className="office-form"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <h2>{words('developers.new_key')}</h2>
      {secret ? <Once secret={secret} /> : null}
      <TextInput label={words('developers.key_name')} value={name} onChange={setName} maxLength={60} dir="auto" />
      <Select
        label={words('developers.key_days')}
        value={days}
        onChange={setDays}
        options={lives.map((n) => ({ value: String(n), label: words('developers.days', { n }) }))}
      />
      <FieldGroup label={words('developers.rights')}>
        <div className="dev-checks" dir="ltr">
          {scopes.map((scope) => (
            <Checkbox key={scope} label={scope} checked={held.has(scope)} onChange={(on) => tick(scope, on)} />
          ))}
        </div>
      </FieldGroup>
      <ProblemNote problem={making.problem} />
      <Button kind="ink" type="submit" busy={making.busy} disabled={name.trim() === '' || held.size === 0}>
        {words('developers.make_key')}
      </Button>
    </form>
  )
}
