import { useMe } from '../../../parts/identity/session.ts'
import { usePlace } from '../../../ui/router.tsx'
import { PageHeader } from '../../../ui/Shell.tsx'
import { EmptyState } from '../../../ui/State.tsx'
import { Tabs } from '../../../ui/Tabs.tsx'
import { useWords } from '../../../ui/words.tsx'
import { PlatformAccounts } from '../accounts/PlatformAccounts.tsx'
import { PlatformMoney } from './PlatformMoney.tsx'
import { PlatformPayments } from './PlatformPayments.tsx'
import { PlatformPayouts } from './PlatformPayouts.tsx'
import { PlatformPeople, PlatformShops } from './PlatformPeople.tsx'
import { PlatformShows } from './PlatformShows.tsx'

const tabs = ['payouts', 'payments', 'accounts', 'money', 'shows', 'shops', 'people'] as const

/** For who runs the platform: money that waits for a hand, everybody and every shop. */
export function PlatformPage() {
  const words = useWords('office')
  const { query } = usePlace()
  const operator = useMe().value?.person?.operator ?? false
  const at = tabs.find((one) => one === query.get('tab')) ?? 'payouts'
  if (!operator) return <EmptyState title={words('office.operator_only')} />
  return (
    <div className="office-page">
      <PageHeader title={words('office.platform')} text={words('office.platform_text')} />
      <Tabs
        label={words('office.views')}
        at={at}
        tabs={tabs.map((id) => ({
          id,
          label: words(`office.platform_${id}`),
          to: id === 'payouts' ? '/office/platform' : `/office/platform?tab=${id}`,
        }))}
      />
      {at === 'payouts' ? <PlatformPayouts /> : null}
      {at === 'payments' ? <PlatformPayments /> : null}
      {at === 'accounts' ? <PlatformAccounts /> : null}
      {at === 'money' ? <PlatformMoney /> : null}
      {at === 'shows' ? <PlatformShows /> : null}
      {at === 'shops' ? <PlatformShops /> : null}
      {at === 'people' ? <PlatformPeople /> : null}
    </div>
  )
}
