import { mySecurity } from '@efir/contract/account.ts'
import type { RefusalCode } from '@efir/contract/refusals.ts'
import { useState } from 'react'
import { refresh, useView } from '../../net/query.ts'
import { ProblemNote, ProblemState } from '../../parts/face/problem.tsx'
import { becameAnother } from '../../parts/identity/AccountSheet.tsx'
import { SignIn } from '../../parts/identity/SignIn.tsx'
import { useMe } from '../../parts/identity/session.ts'
import { usePlace } from '../../ui/router.tsx'
import { Sheet } from '../../ui/Sheet.tsx'
import { Skeleton } from '../../ui/State.tsx'
import { useWords } from '../../ui/words.tsx'
import { DataSection } from './account/DataSection.tsx'
import { SessionsSection } from './account/SessionsSection.tsx'
import { WaysSection } from './account/WaysSection.tsx'
import './AccountPage.css'
import { SitePage } from './site/SitePage.tsx'

/** By what I sign in, where I am signed in, what is kept about me. */
export function AccountPage() {
  const words = useWords('account', 'refusals')
  const me = useMe()
  const person = me.value?.person?.kind === 'account' ? me.value.person : null
  const view = useView(mySecurity, {}, { when: person !== null, everyMs: 15_000 })
  const problem = usePlace().query.get('problem')
  const [proving, setProving] = useState(false)
  const proved = () => {
    setProving(false)
    void refresh(mySecurity)
  }
  const prove = () => setProving(true)
  return (
    <SitePage title={words('account.security_title')} narrow>
      <h1>{words('account.security_title')}</h1>
      {problem ? <ProblemNote problem={{ ok: false, refusal: problem as RefusalCode as never, params: {} }} /> : null}
      {me.state === 'ready' && !person ? (
        <>
          <p className="muted">{words('account.security_signed_out')}</p>
          <SignIn onDone={() => void becameAnother()} />
        </>
      ) : null}
      {view.state === 'failed' ? <ProblemState problem={view.problem} again={view.again} /> : null}
      {person && view.state === 'loading' ? <Skeleton height="400px" /> : null}
      {person && view.value ? (
        <>
          <WaysSection security={view.value} prove={prove} />
          <SessionsSection sessions={view.value.sessions} />
          <DataSection security={view.value} prove={prove} />
        </>
      ) : null}
      <Sheet open={proving} onClose={() => setProving(false)} title={words('account.prove_title')} wide="middle" height="content">
        <div className="account-prove">
          <p>{words('account.prove_text', { email: view.value?.email ?? '' })}</p>
          <SignIn as={view.value?.email} onDone={proved} />
        </div>
      </Sheet>
    </SitePage>
  )
}
