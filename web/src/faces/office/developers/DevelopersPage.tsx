import { Suspense } from 'react'
import { Button } from '../../../ui/Button.tsx'
import { usePlace } from '../../../ui/router.tsx'
import { PageHeader } from '../../../ui/Shell.tsx'
import { Tabs } from '../../../ui/Tabs.tsx'
import { useWords } from '../../../ui/words.tsx'
import { lazyPart, TabWaiting } from '../frame/lazy-part.tsx'
import './Developers.css'

const KeysTab = lazyPart(() => import('./KeysTab.tsx'), 'KeysTab')
const HooksTab = lazyPart(() => import('./HooksTab.tsx'), 'HooksTab')
const SitesTab = lazyPart(() => import('./SitesTab.tsx'), 'SitesTab')
const tabs = ['keys', 'webhooks', 'sites'] as const

/** What programs and other websites may do with the shop. */
export function DevelopersPage() {
  const words = useWords('developers')
  const { query } = usePlace()
  const at = tabs.find((one) => one === query.get('tab')) ?? 'keys'
  return (
    <div className="office-page">
      <PageHeader
        title={words('developers.title')}
        actions={
          <Button size="s" href="/developers">
            {words('developers.reference')}
          </Button>
        }
      />
      <Tabs
        label={words('developers.title')}
        at={at}
        tabs={tabs.map((id) => ({ id, label: words(`developers.tab_${id}`), to: `/office/developers?tab=${id}` }))}
      />
      <div className="office-rows">
        <div className="office-body office-body-narrow">
          <Suspense fallback={<TabWaiting />}>
            {at === 'keys' ? <KeysTab /> : null}
            {at === 'webhooks' ? <HooksTab /> : null}
            {at === 'sites' ? <SitesTab /> : null}
          </Suspense>
        </div>
      </div>
    </div>
  )
}
