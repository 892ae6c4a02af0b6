import {
  keepPasskey,
  mySecurity,
  newPasskey,
  removePasskey,
  signInWays,
  startOutside,
  unlinkOutside,
} from '@efir/contract/account.ts'
import type { Out } from '@efir/contract/act.ts'
import { setPassword } from '@efir/contract/identity.ts'
import { useState } from 'react'
import { useAct, useView } from '../../../net/query.ts'
import { ProblemNote } from '../../../parts/face/problem.tsx'
import { makePasskey, passkeysWork } from '../../../parts/identity/passkey.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { TextInput } from '../../../ui/TextInput.tsx'
import { useFormats, useWords } from '../../../ui/words.tsx'
import { Section } from '../site/SitePage.tsx'

type Security = Out<typeof mySecurity>
interface Props {
  readonly security: Security
  /** Asks for a fresh sign-in. */
  readonly prove: () => void
}
const changed = [mySecurity] as const

export function WaysSection({ security, prove }: Props) {
  const words = useWords('account', 'refusals')
  return (
    <>
      <Section id="passkeys" title={words('account.passkeys_title')} note={words('account.passkeys_text')}>
        <Passkeys security={security} prove={prove} />
      </Section>
      <Outside security={security} prove={prove} />
      <Section id="password" title={words('account.password')}>
        <p>{words(security.password ? 'account.password_has' : 'account.password_none')}</p>
        <p className="muted">{words('account.code_always', { email: security.email })}</p>
        <Password security={security} prove={prove} />
      </Section>
    </>
  )
}

function Passkeys({ security, prove }: Props) {
  const words = useWords('account', 'refusals')
  const formats = useFormats()
  const host = useView(signInWays, {}, { staleMs: 300_000 }).value?.passkeyHost
  const start = useAct(newPasskey)
  const keep = useAct(keepPasskey, { changes: changed })
  const remove = useAct(removePasskey, { changes: changed })
  const [name, setName] = useState('')
  const [failed, setFailed] = useState(false)
  const [going, setGoing] = useState<{ id: string; name: string } | null>(null)
  const add = async () => {
    setFailed(false)
    if (security.provenUntilAt === null) return prove()
    const asked = await start.run({})
    if (!asked.ok) return asked.refusal === 'prove_again' ? prove() : undefined
    const credential = await makePasskey(asked.value.options)
    if (!credential) return setFailed(true)
    if ((await keep.run({ credential, name: name.trim() || words('account.passkeys_title') })).ok) setName('')
  }
  return (
    <>
      {security.passkeys.length === 0 ? <p className="muted">{words('account.passkeys_none')}</p> : null}
      <ul className="account-list">
        {security.passkeys.map((key) => (
          <li key={key.id}>
            <span className="account-list-text">
              <b>
                <bdi>{key.name}</bdi>
              </b>
              <small className="muted">
                {words(key.synced ? 'account.passkey_synced' : 'account.passkey_single')} ·{' '}
                {key.usedAt
                  ? words('account.passkey_used', { date: formats.date(key.usedAt, 'date') })
                  : words('account.passkey_unused')}
              </small>
            </span>
            <Button size="s" onPress={() => (security.provenUntilAt === null ? prove() : setGoing(key))}>
              {words('common.remove')}
            </Button>
          </li>
        ))}
      </ul>
      {passkeysWork(host) ? (
        <form
          className="account-form"
          onSubmit={(event) => {
            event.preventDefault()
            void add()
          }}
        >
          <TextInput label={words('account.passkey_name')} value={name} onChange={setName} maxLength={60} dir="auto" optional />
          <Button type="submit" kind="ink" busy={start.busy || keep.busy}>
            {words('account.passkey_add')}
          </Button>
        </form>
      ) : (
        <p className="muted">{words('account.passkeys_elsewhere')}</p>
      )}
      {failed ? <Banner tone="warn">{words('account.passkey_failed')}</Banner> : null}
      <ProblemNote problem={start.problem ?? keep.problem ?? remove.problem} />
      <Dialog
        open={going !== null}
        onClose={() => setGoing(null)}
        title={words('account.passkey_remove_title', { name: going?.name ?? '' })}
        confirm={words('common.remove')}
        kind="danger"
        busy={remove.busy}
        onConfirm={async () => {
          if (going) await remove.run({ passkeyId: going.id })
          setGoing(null)
        }}
      >
        {words('account.passkey_remove_text')}
      </Dialog>
    </>
  )
}

function Outside({ security, prove }: Props) {
  const words = useWords('account', 'refusals')
  const formats = useFormats()
  const providers = useView(signInWays, {}, { staleMs: 300_000 }).value?.providers ?? []
  const start = useAct(startOutside)
  const unlink = useAct(unlinkOutside, { changes: changed })
  const open = providers.filter((p) => !security.outside.some((o) => o.provider === p.id))
  const link = async (provider: string) => {
    if (security.provenUntilAt === null) return prove()
    const answer = await start.run({ provider, link: true, to: '/account' })
    if (answer.ok) location.assign(answer.value.url)
  }
  if (security.outside.length === 0 && open.length === 0) return null
  return (
    <Section id="outside" title={words('account.outside_title')}>
      <ul className="account-list">
        {security.outside.map((one) => (
          <li key={one.provider}>
            <span className="account-list-text">
              <b>
                <bdi>{one.name}</bdi>
              </b>
              <small className="muted">
                <bdi>{one.email}</bdi> · {words('account.outside_linked', { date: formats.date(one.linkedAt, 'date') })}
              </small>
            </span>
            <Button
              size="s"
              busy={unlink.busy}
              onPress={() => (security.provenUntilAt === null ? prove() : void unlink.run({ provider: one.provider }))}
            >
              {words('account.outside_unlink')}
            </Button>
          </li>
        ))}
      </ul>
      <div className="account-actions">
        {open.map(({ id, name }) => (
          <Button key={id} busy={start.busy} onPress={() => void link(id)}>
            {words('account.outside_link', { name })}
          </Button>
        ))}
      </div>
      <ProblemNote problem={start.problem ?? unlink.problem} />
    </Section>
  )
}

function Password({ security, prove }: Props) {
  const words = useWords('account', 'refusals')
  const change = useAct(setPassword, { changes: changed })
  const [current, setCurrent] = useState('')
  const [password, setNew] = useState('')
  const [done, setDone] = useState(false)
  const submit = async () => {
    setDone(false)
    if (current === '' && security.provenUntilAt === null) return prove()
    const answer = await change.run({ password, ...(current === '' ? {} : { current }) })
    if (!answer.ok) return
    setCurrent('')
    setNew('')
    setDone(true)
  }
  return (
    <form
      className="account-form"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      {security.password ? (
        <TextInput
          label={words('account.password_current')}
          type="password"
          autoComplete="current-password"
          value={current}
          onChange={setCurrent}
          optional={security.provenUntilAt !== null}
        />
      ) : null}
      <TextInput
        label={words('account.password_new')}
        hint={words('account.password_hint')}
        type="password"
        autoComplete="new-password"
        value={password}
        onChange={setNew}
      />
      <ProblemNote problem={change.problem} />
      {done ? <Banner tone="ok">{words('account.password_done')}</Banner> : null}
      <Button type="submit" busy={change.busy} disabled={password === ''}>
        {words(security.password ? 'account.password_change' : 'account.password_set')}
      </Button>
    </form>
  )
}
