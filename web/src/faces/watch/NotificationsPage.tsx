import { forgetPush, myPush } from '@efir/contract/notifications.ts'
import { BellOff } from 'lucide-react'
import { useAct } from '../../net/query.ts'
import { ProblemNote } from '../../parts/face/problem.tsx'
import { type Push, usePush } from '../../parts/push/use-push.ts'
import { Button } from '../../ui/Button.tsx'
import { Switch } from '../../ui/Choice.tsx'
import { EmptyState, Skeleton } from '../../ui/State.tsx'
import { useFormats, useWords } from '../../ui/words.tsx'
import './NotificationsPage.css'
import { Section, SitePage } from './site/SitePage.tsx'

/** What this browser is told of, and which others are. */
export function NotificationsPage() {
  const words = useWords('store', 'account')
  const push = usePush()
  return (
    <SitePage title={words('store.push_title')} narrow>
      <h1>{words('store.push_title')}</h1>
      <p className="muted">{words('account.push_why')}</p>
      <Section id="here" title={words('account.push_here')}>
        <Here push={push} />
      </Section>
      {push.others.length > 0 ? <Others push={push} /> : null}
    </SitePage>
  )
}

function Here({ push }: { readonly push: Push }) {
  const words = useWords('store', 'account')
  const { here, state } = push
  if (state === 'loading') return <Skeleton height="120px" />
  if (state === 'unsupported') return <EmptyState icon={BellOff} title={words('account.push_unsupported')} />
  if (state === 'blocked') return <EmptyState icon={BellOff} title={words('account.push_blocked')} />
  const wants = { shows: here?.shows ?? true, orders: here?.orders ?? true }
  return (
    <div className="push-here">
      <Switch
        label={words('account.push_on')}
        checked={here !== null}
        disabled={push.busy}
        onChange={(on) => void (on ? push.tell(wants) : push.forget())}
      />
      {here ? (
        <div className="push-topics">
          <Switch
            label={words('account.push_shows')}
            checked={wants.shows}
            disabled={push.busy}
            onChange={(shows) => void push.tell({ ...wants, shows })}
          />
          <Switch
            label={words('account.push_orders')}
            checked={wants.orders}
            disabled={push.busy}
            onChange={(orders) => void push.tell({ ...wants, orders })}
          />
        </div>
      ) : null}
      {push.failed === 'failed' ? <p role="alert">{words('account.push_failed')}</p> : <ProblemNote problem={push.failed} />}
    </div>
  )
}

function Others({ push }: { readonly push: Push }) {
  const words = useWords('store', 'account')
  const formats = useFormats()
  const forget = useAct(forgetPush, { changes: [myPush] })
  return (
    <Section id="others" title={words('account.push_elsewhere')}>
      <ul className="push-others">
        {push.others.map(({ mark, since }) => (
          <li key={mark}>
            <span>{words('account.push_since', { date: formats.date(since, 'dateTime') })}</span>
            <Button kind="outline" busy={forget.busy} onPress={() => void forget.run({ mark })}>
              {words('account.push_forget')}
            </Button>
          </li>
        ))}
      </ul>
      <ProblemNote problem={forget.problem} />
    </Section>
  )
}
