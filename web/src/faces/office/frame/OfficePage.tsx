import type { Out } from '@efir/contract/act.ts'
import type { me as meAct } from '@efir/contract/identity.ts'
import { orderCounts } from '@efir/contract/orders.ts'
import { Banknote, Box, Braces, CalendarDays, House, PackageOpen, Settings, ShieldCheck, ShoppingBag, Users } from 'lucide-react'
import { Suspense, useEffect, useState } from 'react'
import { useView } from '../../../net/query.ts'
import { OfflineBanner, ProblemState } from '../../../parts/face/problem.tsx'
import { useMe } from '../../../parts/identity/session.ts'
import { Button } from '../../../ui/Button.tsx'
import { ErrorBoundary } from '../../../ui/ErrorBoundary.tsx'
import { go, Router, usePlace } from '../../../ui/router.tsx'
import { type Noun, Shell } from '../../../ui/Shell.tsx'
import { EmptyState, Skeleton } from '../../../ui/State.tsx'
import { useWords } from '../../../ui/words.tsx'
import { pages } from '../pages.ts'
import { EnterPage } from './EnterPage.tsx'
import { useGoKeys } from './go-keys.ts'
import { KeysDialog } from './KeysDialog.tsx'
import './office.css'
import { OpenShop } from './OpenShop.tsx'
import { PersonButton } from './Person.tsx'
import { ShopSwitch } from './ShopSwitch.tsx'
import { chooseShop, manages, type OfficeShop, ShopContext, useChosenShop } from './shop.ts'

/** Who may not come in yet is asked in; everybody else gets the frame. */
export function OfficePage() {
  const view = useMe()
  if (view.state === 'loading') return <Waiting />
  if (view.state === 'failed')
    return (
      <main tabIndex={-1} className="office-alone">
        <ProblemState problem={view.problem} again={view.again} />
      </main>
    )
  const { person, shops } = view.value
  if (!person || person.kind === 'guest') return <EnterPage />
  if (shops.length === 0 && !person.operator) return <OpenShop />
  return <Frame me={view.value} />
}

function Waiting() {
  return (
    <main tabIndex={-1} className="office-alone" aria-busy="true">
      <Skeleton width="240px" height="28px" />
      <Skeleton height="320px" />
    </main>
  )
}

function Frame({ me }: { readonly me: Out<typeof meAct> }) {
  const chosen = useChosenShop(me.shops)
  const { path, query } = usePlace()
  const asked = query.get('shop')
  const [keysShown, setKeysShown] = useState(false)
  const nouns = useNouns(me, chosen)
  useGoKeys(nouns.letters, () => setKeysShown(true))
  useEffect(() => {
    if (path === '/office' || path === '/office/') go(chosen ? '/office/today' : '/office/platform', { replace: true })
  }, [path, chosen])
  useEffect(() => {
    if (asked && me.shops.some((one) => one.id === asked)) chooseShop(asked)
  }, [asked, me.shops])
  return (
    <ShopContext value={chosen}>
      <Shell
        nouns={nouns.main}
        foot={nouns.foot}
        home="/office/today"
        org={<ShopSwitch shops={me.shops} chosen={chosen} />}
        footer={<PersonButton me={me} onKeys={() => setKeysShown(true)} />}
      >
        <OfflineBanner />
        <ErrorBoundary key={path}>
          <Suspense fallback={<PageWaiting />}>
            {/* Another shop is another office: nothing of the one before stays on the screen. */}
            {chosen || path === '/office/platform' ? (
              <Router key={chosen?.id} routes={pages} missing={MissingInside} />
            ) : (
              <NoShop />
            )}
          </Suspense>
        </ErrorBoundary>
      </Shell>
      <KeysDialog open={keysShown} onClose={() => setKeysShown(false)} />
    </ShopContext>
  )
}

const countsEveryMs = 30_000

function useNouns(me: Out<typeof meAct>, shop: OfficeShop | null) {
  const words = useWords('office', 'developers')
  const counts = useView(orderCounts, { shopId: shop?.id ?? '' }, { when: shop !== null, everyMs: countsEveryMs })
  const all = shop ? manages(shop) : false
  const main: (Noun & { letter: string })[] = shop
    ? [
        { to: '/office/today', label: words('office.today'), icon: House, letter: 't' },
        { to: '/office/shows', label: words('office.shows'), icon: CalendarDays, letter: 's' },
        { to: '/office/orders', label: words('office.orders'), icon: ShoppingBag, letter: 'o', count: counts.value?.toPack },
        { to: '/office/products', label: words('office.products'), icon: Box, letter: 'p' },
        { to: '/office/stock', label: words('office.stock'), icon: PackageOpen, letter: 'k' },
        ...(all
          ? [
              { to: '/office/people', label: words('office.people'), icon: Users, letter: 'e' },
              { to: '/office/payouts', label: words('office.payouts'), icon: Banknote, letter: 'y' },
            ]
          : []),
      ]
    : []
  const platform = { to: '/office/platform', label: words('office.platform'), icon: ShieldCheck, letter: 'm' }
  const foot: (Noun & { letter: string })[] = [
    ...(me.person?.operator && shop ? [platform] : []),
    ...(all ? [{ to: '/office/developers', label: words('developers.title'), icon: Braces, letter: 'd' }] : []),
    ...(all ? [{ to: '/office/settings', label: words('common.settings'), icon: Settings, letter: ',' }] : []),
  ]
  if (!shop && me.person?.operator) main.push(platform)
  const letters = Object.fromEntries([...main, ...foot].map(({ letter, to }) => [letter, to]))
  return { main, foot, letters }
}

function PageWaiting() {
  return (
    <div className="office-body" aria-busy="true">
      <Skeleton width="200px" height="24px" />
      <Skeleton height="40px" />
      <Skeleton height="320px" />
    </div>
  )
}

function MissingInside() {
  const { path } = usePlace()
  if (path === '/office' || path === '/office/') return <PageWaiting />
  return (
    <div className="office-body">
      <MissingState />
    </div>
  )
}

function MissingState() {
  const words = useWords('office')
  return (
    <EmptyState
      title={words('common.not_found_title')}
      text={words('common.not_found_text')}
      action={<Button to="/office/today">{words('office.to_today')}</Button>}
    />
  )
}

function NoShop() {
  const words = useWords('office')
  return (
    <div className="office-body">
      <EmptyState
        title={words('office.no_shop_title')}
        text={words('office.no_shop_text')}
        action={
          <Button kind="ink" to="/office/platform">
            {words('office.platform')}
          </Button>
        }
      />
    </div>
  )
}
