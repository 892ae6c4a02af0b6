import { demoLogin, demoPeople } from '@efir/contract/identity.ts'
import { useEffect, useRef } from 'react'
import { useAct, useView } from '../../net/query.ts'
import { ProblemNote } from '../../parts/face/problem.tsx'
import { becameAnother } from '../../parts/identity/AccountSheet.tsx'
import { SignIn } from '../../parts/identity/SignIn.tsx'
import { signedInAs } from '../../parts/identity/session.ts'
import { go, usePlace } from '../../ui/router.tsx'
import { Skeleton } from '../../ui/State.tsx'
import { useWords } from '../../ui/words.tsx'
import { safeReturn } from './safe-return.ts'
import { SitePage } from './site/SitePage.tsx'

/** Where each role of the demo has its work. */
const homeOf: Readonly<Record<string, string>> = {
  host: '/studio',
  moderator: '/studio',
  seller: '/office',
  fulfilment: '/office',
  operator: '/office',
}

const leaveTo = (to: string) => {
  void becameAnother()
  // Studio and office are entries of their own.
  if (/^\/(studio|office)/.test(to)) location.assign(to)
  else go(to, { replace: true })
}

export function SignInPage() {
  const words = useWords('store')
  const { query } = usePlace()
  const demo = query.get('demo')
  const to = query.get('to')
  const problem = query.get('problem')
  return (
    <SitePage title={words('common.sign_in')} narrow>
      <h1>{words('common.sign_in')}</h1>
      {problem ? <ProblemNote problem={{ ok: false, refusal: problem as 'outside_join' as never, params: {} }} /> : null}
      {demo ? <DemoEntry role={demo} to={to} /> : <SignIn onDone={() => leaveTo(safeReturn(to))} />}
    </SitePage>
  )
}

/** `/sign-in?demo=host`, as printed at the start of the demo: one click, and one is somebody. */
function DemoEntry({ role, to }: { readonly role: string; readonly to: string | null }) {
  const people = useView(demoPeople, {})
  const login = useAct(demoLogin)
  const asked = useRef(false)
  const person = people.value?.people.find((one) => one.role === role)
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, as soon as it is known who
  useEffect(() => {
    if (!person || asked.current) return
    asked.current = true
    void login.run({ personId: person.id }).then((answer) => {
      if (!answer.ok) return
      signedInAs(answer.value)
      leaveTo(to === null ? (homeOf[role] ?? '/') : safeReturn(to))
    })
  }, [person])
  if (login.problem || people.state === 'failed' || (people.state === 'ready' && !person))
    return (
      <>
        <ProblemNote problem={login.problem} />
        <SignIn onDone={() => leaveTo(safeReturn(to))} />
      </>
    )
  return <Skeleton height="200px" />
}
