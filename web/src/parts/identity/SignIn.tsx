import { demoLogin, demoPeople, enterCode, enterPassword, startCode } from '@efir/contract/identity.ts'
import { useState } from 'react'
import { useAct, useView } from '../../net/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Avatar } from '../../ui/Marks.tsx'
import { TextInput } from '../../ui/TextInput.tsx'
import { useWords } from '../../ui/words.tsx'
import { ProblemNote } from '../face/problem.tsx'
import { imageUrl } from '../shows/cover.ts'
import { MoreWays } from './MoreWays.tsx'
import { signedInAs, useMe } from './session.ts'
import './SignIn.css'

export interface SignInProps {
  /** Roles of the demo that fit this face stand first. */
  readonly roles?: readonly string[]
  /** An address that is expected. */
  readonly as?: string
  /** After it is known who it is; `useMe` has changed already. */
  readonly onDone?: () => void
}

/** By a mailed code or a password; in the demo also by one click. Claims the guest of this browser. */
export function SignIn({ roles, as, onDone }: SignInProps) {
  const [email, setEmail] = useState(as ?? '')
  const [way, setWay] = useState<'email' | 'code' | 'password'>('email')
  const demo = useMe().value?.demo ?? false
  return (
    <div className="sign-in">
      {way === 'email' ? (
        <>
          <EmailForm email={email} setEmail={setEmail} setWay={setWay} />
          <MoreWays onDone={onDone} />
        </>
      ) : null}
      {way === 'code' ? <CodeForm email={email} onBack={() => setWay('email')} onDone={onDone} /> : null}
      {way === 'password' ? (
        <PasswordForm email={email} setEmail={setEmail} onBack={() => setWay('email')} onDone={onDone} />
      ) : null}
      {demo ? <DemoLogins roles={roles ?? []} onDone={onDone} /> : null}
    </div>
  )
}

interface EmailFormProps {
  readonly email: string
  readonly setEmail: (email: string) => void
  readonly setWay: (way: 'code' | 'password') => void
}

function EmailForm({ email, setEmail, setWay }: EmailFormProps) {
  const words = useWords('account', 'refusals')
  const start = useAct(startCode)
  const submit = async () => {
    const answer = await start.run({ email: email.trim() })
    if (answer.ok) setWay('code')
  }
  return (
    <form
      className="sign-in-form"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <TextInput
        label={words('account.email')}
        type="email"
        name="email"
        autoComplete="username webauthn"
        value={email}
        onChange={setEmail}
        maxLength={254}
      />
      <ProblemNote problem={start.problem} />
      <Button kind="ink" size="l" type="submit" wide busy={start.busy} disabled={email.trim() === ''}>
        {words('account.send_code')}
      </Button>
      <button type="button" className="text-link" onClick={() => setWay('password')}>
        {words('account.with_password')}
      </button>
    </form>
  )
}

interface StepProps {
  readonly email: string
  readonly onBack: () => void
  readonly onDone?: () => void
}

function CodeForm({ email, onBack, onDone }: StepProps) {
  const words = useWords('account', 'refusals')
  const [code, setCode] = useState('')
  const [name, setName] = useState('')
  const demo = useMe().value?.demo ?? false
  const enter = useAct(enterCode)
  const submit = async () => {
    const answer = await enter.run({ email: email.trim(), code, ...(name.trim() ? { name: name.trim() } : {}) })
    if (!answer.ok) return
    signedInAs(answer.value)
    onDone?.()
  }
  return (
    <form
      className="sign-in-form"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <p>{words('account.code_sent', { email: email.trim() })}</p>
      <TextInput
        label={words('account.code')}
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        dir="ltr"
        autoFocus
        value={code}
        onChange={(text) => setCode(text.replace(/\D/g, '').slice(0, 6))}
      />
      <TextInput
        label={words('account.name')}
        hint={words('account.name_hint')}
        optional
        name="name"
        autoComplete="name"
        dir="auto"
        value={name}
        onChange={setName}
        maxLength={60}
      />
      <ProblemNote problem={enter.problem} />
      <Button kind="ink" size="l" type="submit" wide busy={enter.busy} disabled={code.length !== 6}>
        {words('common.sign_in')}
      </Button>
      <button type="button" className="text-link" onClick={onBack}>
        {words('account.other_email')}
      </button>
      {demo ? (
        <a className="text-link" href="/dev/mail" target="_blank" rel="noreferrer">
          {words('account.letter_box')}
        </a>
      ) : null}
    </form>
  )
}

function PasswordForm({ email, setEmail, onBack, onDone }: StepProps & { readonly setEmail: (email: string) => void }) {
  const words = useWords('account', 'refusals')
  const [password, setPassword] = useState('')
  const enter = useAct(enterPassword)
  const submit = async () => {
    const answer = await enter.run({ email: email.trim(), password })
    if (!answer.ok) return
    signedInAs(answer.value)
    onDone?.()
  }
  return (
    <form
      className="sign-in-form"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <TextInput
        label={words('account.email')}
        type="email"
        name="email"
        autoComplete="username"
        value={email}
        onChange={setEmail}
      />
      <TextInput
        label={words('account.password')}
        type="password"
        name="password"
        autoComplete="current-password"
        value={password}
        onChange={setPassword}
      />
      <ProblemNote problem={enter.problem} />
      <Button kind="ink" size="l" type="submit" wide busy={enter.busy} disabled={email.trim() === '' || password === ''}>
        {words('common.sign_in')}
      </Button>
      <button type="button" className="text-link" onClick={onBack}>
        {words('account.with_code')}
      </button>
    </form>
  )
}

const named = ['host', 'seller', 'fulfilment', 'moderator', 'buyer', 'operator'] as const

function DemoLogins({ roles, onDone }: { readonly roles: readonly string[]; readonly onDone?: () => void }) {
  const words = useWords('account', 'refusals')
  const view = useView(demoPeople, {})
  const enter = useAct(demoLogin)
  const people = [...(view.value?.people ?? [])].sort((one, other) => rank(one.role) - rank(other.role))
  function rank(role: string): number {
    const at = roles.indexOf(role)
    return at < 0 ? roles.length : at
  }
  if (people.length === 0) return null
  const roleText = (role: string) => {
    const known = named.find((one) => one === role)
    return known ? words(`account.role_${known}`) : role
  }
  return (
    <section className="sign-in-demo">
      <div>
        <h2>{words('account.demo_title')}</h2>
        <p className="muted">{words('account.demo_text')}</p>
      </div>
      <ul className="sign-in-people">
        {people.map((person) => (
          <li key={person.id}>
            <button
              type="button"
              className="sign-in-person"
              onClick={async () => {
                const answer = await enter.run({ personId: person.id })
                if (!answer.ok) return
                signedInAs(answer.value)
                onDone?.()
              }}
            >
              <Avatar name={person.name} src={imageUrl(person.picture, 160)} />
              <span>
                <b className="ellipsis">
                  <bdi>{person.name}</bdi>
                </b>
                <span className="muted small">{roleText(person.role)}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <ProblemNote problem={enter.problem} />
    </section>
  )
}
