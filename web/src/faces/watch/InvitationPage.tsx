import { acceptInvitation, invitation, me } from '@efir/contract/identity.ts'
import { useState } from 'react'
import { refresh, useAct, useView } from '../../net/query.ts'
import { ProblemNote, ProblemState } from '../../parts/face/problem.tsx'
import { becameAnother } from '../../parts/identity/AccountSheet.tsx'
import { SignIn } from '../../parts/identity/SignIn.tsx'
import { useMe } from '../../parts/identity/session.ts'
import { Button } from '../../ui/Button.tsx'
import { usePlace } from '../../ui/router.tsx'
import { Skeleton } from '../../ui/State.tsx'
import { useFormats, useWords } from '../../ui/words.tsx'
import { SitePage } from './site/SitePage.tsx'

/** What a link offers; to take it one must be somebody. */
export function InvitationPage() {
  const words = useWords('store', 'account')
  const formats = useFormats()
  const secret = usePlace().params.secret ?? ''
  const view = useView(invitation, { secret })
  const person = useMe().value?.person
  const meant = view.value?.email
  // What was mailed to somebody is theirs alone.
  const other = meant !== undefined && person?.kind === 'account' && person.email !== meant.toLowerCase()
  const known = person?.kind === 'account' && !other
  const accept = useAct(acceptInvitation)
  const [done, setDone] = useState<{ shopId?: string; showId?: string } | null>(null)
  if (view.state === 'failed')
    return (
      <SitePage title={words('store.invitation')} narrow quiet>
        <ProblemState problem={view.problem} again={view.again} />
      </SitePage>
    )
  if (view.state === 'loading')
    return (
      <SitePage title={words('store.invitation')} narrow quiet>
        <Skeleton height="200px" />
      </SitePage>
    )
  const { role, place, expiresAt } = view.value
  const roleName = words.has(`store.role_${role}`) ? words(`store.role_${role}` as 'store.role_host') : role
  return (
    <SitePage title={words('store.invitation')} narrow>
      <h1>{words('store.invitation_title', { place })}</h1>
      <p>{words('store.invitation_text', { role: roleName, until: formats.date(expiresAt, 'dateTime') })}</p>
      {done ? (
        <Button kind="ink" size="l" href={done.showId ? '/studio' : '/office'}>
          {words(done.showId ? 'store.studio' : 'store.office')}
        </Button>
      ) : known ? (
        <>
          <ProblemNote problem={accept.problem} />
          <Button
            kind="ink"
            size="l"
            busy={accept.busy}
            onPress={async () => {
              const answer = await accept.run({ secret })
              if (!answer.ok) return
              setDone(answer.value)
              void refresh(me)
            }}
          >
            {words('store.invitation_accept')}
          </Button>
        </>
      ) : (
        <>
          <p className="muted">{meant ? words('account.invitation_for', { email: meant }) : words('store.invitation_sign_in')}</p>
          <SignIn as={meant} onDone={() => void becameAnother()} />
        </>
      )}
    </SitePage>
  )
}
