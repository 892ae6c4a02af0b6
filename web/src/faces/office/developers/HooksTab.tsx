import type { Out } from '@efir/contract/act.ts'
import {
  addEndpoint,
  changeEndpoint,
  endpointLog,
  pingEndpoint,
  removeEndpoint,
  replayEvents,
  rotateEndpointSecret,
  shopEndpoints,
} from '@efir/contract/integrations.ts'
import { useState } from 'react'
import { useAct, useView } from '../../../net/query.ts'
import { ProblemNote, ProblemState } from '../../../parts/face/problem.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Checkbox } from '../../../ui/Choice.tsx'
import { now } from '../../../ui/clock.ts'
import { FieldGroup } from '../../../ui/Field.tsx'
import { type DotState, StateDot } from '../../../ui/Marks.tsx'
import { EmptyState, Skeleton } from '../../../ui/State.tsx'
import { TextInput } from '../../../ui/TextInput.tsx'
import { useFormats, useWords } from '../../../ui/words.tsx'
import { useShop } from '../frame/shop.ts'
import { Once } from './Once.tsx'

type Endpoint = Out<typeof shopEndpoints>['endpoints'][number]
const changed = [shopEndpoints, endpointLog] as const
const dayMs = 86_400_000

export function HooksTab() {
  const words = useWords('developers')
  const shop = useShop()
  const view = useView(shopEndpoints, { shopId: shop.id }, { everyMs: 10_000 })
  if (view.state === 'loading') return <Skeleton height="320px" />
  if (view.state === 'failed') return <ProblemState problem={view.problem} again={view.again} />
  const { endpoints, types } = view.value
  return (
    <>
      <p className="muted">{words('developers.hooks_text')}</p>
      {endpoints.length === 0 ? <EmptyState title={words('developers.no_hooks')} /> : null}
      <ul className="dev-list">
        {endpoints.map((one) => (
          <EndpointRow key={one.id} of={one} />
        ))}
      </ul>
      <NewEndpoint types={types} />
    </>
  )
}

const dots: Readonly<Record<Endpoint['state'], DotState>> = { active: 'done', paused: 'waiting', disabled: 'wrong' }

function EndpointRow({ of }: { readonly of: Endpoint }) {
  const words = useWords('developers', 'refusals')
  const shop = useShop()
  const [open, setOpen] = useState(false)
  const [secret, setSecret] = useState('')
  const changing = useAct(changeEndpoint, { changes: changed })
  const pinging = useAct(pingEndpoint, { changes: changed })
  const turning = useAct(rotateEndpointSecret, { changes: changed })
  const removing = useAct(removeEndpoint, { changes: changed })
  const it = { shopId: shop.id, endpointId: of.id }
  const active = of.state === 'active'
  return (
    <li className="dev-row">
      <div className="dev-head">
        <code className="dev-code" dir="ltr">
          {of.url}
        </code>
        <StateDot state={dots[of.state]}>{words(`developers.hook_${of.state}`)}</StateDot>
      </div>
      <p className="dev-scopes" dir="ltr">
        {of.types.join('  ')}
      </p>
      {of.waiting > 0 ? <p className="muted">{words('developers.waiting', { n: of.waiting })}</p> : null}
      {secret ? <Once secret={secret} /> : null}
      <div className="office-actions">
        <Button size="s" busy={changing.busy} onPress={() => void changing.run({ ...it, state: active ? 'paused' : 'active' })}>
          {words(active ? 'developers.pause' : 'developers.resume')}
        </Button>
        <Button size="s" busy={pinging.busy} onPress={() => void pinging.run(it).then(() => setOpen(true))}>
          {words('developers.ping')}
        </Button>
        <Button
          size="s"
          busy={turning.busy}
          onPress={() => void turning.run(it).then((answer) => answer.ok && setSecret(answer.value.secret))}
        >
          {words('developers.new_secret')}
        </Button>
        <Button size="s" kind="danger" busy={removing.busy} onPress={() => void removing.run(it)}>
          {words('common.remove')}
        </Button>
        <Button size="s" kind="ghost" expanded={open} onPress={() => setOpen(!open)}>
          {words('developers.log')}
        </Button>
      </div>
      <ProblemNote problem={changing.problem ?? pinging.problem ?? turning.problem ?? removing.problem} />
      {open ? <Log endpointId={of.id} /> : null}
    </li>
  )
}

const sentDots: Readonly<Record<'waiting' | 'taken' | 'given_up', DotState>> = {
  waiting: 'waiting',
  taken: 'done',
  given_up: 'wrong',
}

function Log({ endpointId }: { readonly endpointId: string }) {
  const words = useWords('developers', 'refusals')
  const formats = useFormats()
  const shop = useShop()
  const it = { shopId: shop.id, endpointId }
  const view = useView(endpointLog, { ...it, limit: 30 }, { everyMs: 3_000 })
  const replaying = useAct(replayEvents, { changes: changed })
  if (view.state === 'loading') return <Skeleton height="120px" />
  if (view.state === 'failed') return <ProblemState problem={view.problem} again={view.again} />
  if (view.value.items.length === 0) return <p className="muted">{words('developers.no_log')}</p>
  return (
    <>
      <ul className="dev-calls">
        {view.value.items.map((one) => (
          <li key={one.id}>
            <details>
              <summary>
                <span>{formats.date(one.at, 'dateTime')}</span> <code dir="ltr">{one.type}</code>{' '}
                <StateDot state={sentDots[one.state]}>{words(`developers.sent_${one.state}`)}</StateDot>
              </summary>
              <pre className="dev-code" dir="ltr" tabIndex={0}>
                {one.body}
                {one.attempts.map(
                  (tried) =>
                    `\n${new Date(tried.at).toISOString()}  ${tried.status ?? tried.problem}  ${tried.ms} ms  ${tried.answer}`,
                )}
              </pre>
              <Button size="s" busy={replaying.busy} onPress={() => void replaying.run({ ...it, dispatchId: one.id })}>
                {words('developers.again')}
              </Button>
            </details>
          </li>
        ))}
      </ul>
      <Button size="s" busy={replaying.busy} onPress={() => void replaying.run({ ...it, sinceAt: Math.floor(now() - dayMs) })}>
        {words('developers.again_day')}
      </Button>
      <ProblemNote problem={replaying.problem} />
    </>
  )
}

function NewEndpoint({ types }: { readonly types: readonly string[] }) {
  const words = useWords('developers', 'refusals')
  const shop = useShop()
  const adding = useAct(addEndpoint, { changes: changed })
  const [url, setUrl] = useState('')
  const [wanted, setWanted] = useState<ReadonlySet<string>>(new Set())
  const [secret, setSecret] = useState('')
  const tick = (type: string, on: boolean) =>
    setWanted((all) => new Set(on ? [...all, type] : [...all].filter((one) => one !== type)))
  const submit = async () => {
    const answer = await adding.run({ shopId: shop.id, url: url.trim(), types: [...wanted] })
    if (!answer.ok) return
    setSecret(answer.value.secret)
    setUrl('')
    setWanted(new Set())
  }
  return (
    <form
      className="office-form"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      {secret ? <Once secret={secret} /> : null}
      <TextInput label={words('developers.hook_url')} type="url" value={url} onChange={setUrl} maxLength={2000} />
      <FieldGroup label={words('developers.hook_types')}>
        <div className="dev-checks" dir="ltr">
          {types.map((type) => (
            <Checkbox key={type} label={type} checked={wanted.has(type)} onChange={(on) => tick(type, on)} />
          ))}
        </div>
      </FieldGroup>
      <ProblemNote problem={adding.problem} />
      <Button kind="ink" type="submit" busy={adding.busy} disabled={url.trim() === '' || wanted.size === 0}>
        {words('developers.add_hook')}
      </Button>
    </form>
  )
}
