import { setUpOperator } from '@efir/contract/identity.ts'
import { useState } from 'react'
import { useAct } from '../../../net/query.ts'
import { ProblemNote } from '../../../parts/face/problem.tsx'
import { signedInAs } from '../../../parts/identity/session.ts'
import { Button } from '../../../ui/Button.tsx'
import { Mark } from '../../../ui/Marks.tsx'
import { go, usePlace } from '../../../ui/router.tsx'
import { TextInput } from '../../../ui/TextInput.tsx'
import { useWords } from '../../../ui/words.tsx'
import './office.css'

/** The first person of an empty platform; the code was printed where it was started. */
export function SetUpPage() {
  const words = useWords('office', 'refusals')
  const { query } = usePlace()
  const [code, setCode] = useState(query.get('code') ?? '')
  const [email, setEmail] = useState('')
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const setting = useAct(setUpOperator)
  const submit = async () => {
    const answer = await setting.run({ setUpCode: code.trim(), email: email.trim(), name: name.trim(), password })
    if (!answer.ok) return
    signedInAs(answer.value)
    go('/office', { replace: true })
  }
  return (
    <main tabIndex={-1} className="office-alone">
      <header className="office-alone-head">
        <Mark size={32} />
        <h1>{words('office.set_up_title')}</h1>
        <p className="muted">{words('office.set_up_text')}</p>
      </header>
      <form
        className="office-form"
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        {query.get('code') ? null : (
          <TextInput label={words('office.set_up_code')} value={code} onChange={setCode} dir="ltr" autoComplete="off" />
        )}
        <TextInput
          label={words('office.your_name')}
          value={name}
          onChange={setName}
          autoComplete="name"
          dir="auto"
          maxLength={60}
        />
        <TextInput label={words('office.email')} type="email" value={email} onChange={setEmail} autoComplete="username" />
        <TextInput
          label={words('office.password')}
          hint={words('office.password_hint')}
          type="password"
          value={password}
          onChange={setPassword}
          autoComplete="new-password"
        />
        <ProblemNote problem={setting.problem} />
        <Button
          kind="ink"
          type="submit"
          busy={setting.busy}
          disabled={!code.trim() || !email.trim() || !name.trim() || !password}
        >
          {words('office.set_up_do')}
        </Button>
      </form>
    </main>
  )
}
