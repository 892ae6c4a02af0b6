import { acceptInvitation, invitation, me } from '@efir/contract/identity.ts'
import { useAct, useView } from '../../../net/query.ts'
import { ProblemNote, ProblemState } from '../../../parts/face/problem.tsx'
import { SignIn } from '../../../parts/identity/SignIn.tsx'
import { useMe } from '../../../parts/identity/session.ts'
import { Button } from '../../../ui/Button.tsx'
import { Mark } from '../../../ui/Marks.tsx'
import { go, usePlace } from '../../../ui/router.tsx'
import { Skeleton } from '../../../ui/State.tsx'
import { useFormats, useWords } from '../../../ui/words.tsx'
import './office.css'
import { chooseShop } from './shop.ts'

const changed = [me] as const
const shopRoles = ['owner', 'manager', 'fulfilment'] as const

/** What a link offers, and taking it. */
export function InvitationPage() {
  const words = useWords('office', 'refusals', 'account')
  const formats = useFormats()
  const { params } = usePlace()
  const secret = params.secret ?? ''
  const view = useView(invitation, { secret })
  const who = useMe()
  const accepting = useAct(acceptInvitation, { changes: changed })
  const accept = async () => {
    const answer = await accepting.run({ secret })
    if (!answer.ok) return
    if (answer.value.shopId) chooseShop(answer.value.shopId)
    if (answer.value.showId) location.assign(`/studio/show/${answer.value.showId}`)
    else go('/office/today', { replace: true })
  }
  const role = shopRoles.find((one) => one === view.value?.role)
  const person = who.value?.person
  const meant = view.value?.email
  // What was mailed to somebody is theirs alone.
  const other = meant !== undefined && person?.kind === 'account' && person.email !== meant.toLowerCase()
  const account = person?.kind === 'account' && !other
  return (
    <main tabIndex={-1} className="office-alone">
      {view.state === 'failed' ? <ProblemState problem={view.problem} /> : null}
      {view.state === 'loading' ? <Skeleton height="120px" /> : null}
      {view.state === 'ready' ? (
        <>
          <header className="office-alone-head">
            <Mark size={32} />
            <h1>{words('office.invited_to', { place: view.value.place })}</h1>
            <p className="muted">
              {words('office.invited_as', { role: role ? words(`office.role_${role}`) : view.value.role })}{' '}
              {words('office.valid_until', { date: formats.date(view.value.expiresAt, 'dateTime') })}
            </p>
          </header>
          <ProblemNote problem={accepting.problem} />
          {account ? (
            <Button kind="ink" busy={accepting.busy} onPress={() => void accept()}>
              {words('office.accept')}
            </Button>
          ) : (
            <>
              {meant ? <p className="muted">{words('account.invitation_for', { email: meant })}</p> : null}
              <SignIn as={meant} />
            </>
          )}
        </>
      ) : null}
    </main>
  )
}
