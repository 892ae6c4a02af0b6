import { endSession, mySecurity } from '@efir/contract/account.ts'
import type { Out } from '@efir/contract/act.ts'
import { signOut } from '@efir/contract/identity.ts'
import { queries, useAct } from '../../../net/query.ts'
import { ProblemNote } from '../../../parts/face/problem.tsx'
import { forgetRemembered } from '../../../parts/orders/remembered.ts'
import { Button } from '../../../ui/Button.tsx'
import { useFormats, useWords } from '../../../ui/words.tsx'
import { Section } from '../site/SitePage.tsx'

type Session = Out<typeof mySecurity>['sessions'][number]
const changed = [mySecurity] as const
const ways = ['code', 'password', 'passkey', 'outside', 'demo', 'setup'] as const

export function SessionsSection({ sessions }: { readonly sessions: readonly Session[] }) {
  const words = useWords('account', 'refusals')
  const formats = useFormats()
  const end = useAct(endSession, { changes: changed })
  const leave = useAct(signOut)
  const deviceOf = ({ browser, system }: Session) =>
    browser && system ? words('account.session_on', { browser, system }) : browser || system || words('account.session_unknown')
  const leaveAll = async () => {
    if (!(await leave.run({ everywhere: true })).ok) return
    forgetRemembered()
    await queries.invalidateQueries()
  }
  return (
    <Section id="sessions" title={words('account.sessions_title')}>
      <ul className="account-list">
        {sessions.map((session) => {
          const way = ways.find((one) => one === session.way)
          return (
            <li key={session.id}>
              <span className="account-list-text">
                <b>
                  <bdi>{deviceOf(session)}</bdi>
                  {session.current ? ` · ${words('account.session_here')}` : null}
                </b>
                <small className="muted">
                  <bdi>{session.address}</bdi> · {way ? words(`account.way_${way}`) : null} ·{' '}
                  {words('account.session_when', {
                    since: formats.date(session.startedAt, 'dateTime'),
                    seen: formats.date(session.seenAt, 'date'),
                  })}
                </small>
              </span>
              {session.current ? null : (
                <Button
                  size="s"
                  busy={end.busy}
                  label={words('account.session_end_named', { device: deviceOf(session) })}
                  onPress={() => void end.run({ sessionId: session.id })}
                >
                  {words('account.session_end')}
                </Button>
              )}
            </li>
          )
        })}
      </ul>
      <ProblemNote problem={end.problem ?? leave.problem} />
      <p className="muted">{words('account.sessions_end_all_text')}</p>
      <div className="account-actions">
        <Button busy={leave.busy} onPress={() => void leaveAll()}>
          {words('account.sessions_end_all')}
        </Button>
      </div>
    </Section>
  )
}
