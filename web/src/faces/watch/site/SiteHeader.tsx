import { cart } from '@efir/contract/orders.ts'
import { CircleUserRound, Globe, Search, ShoppingBag } from 'lucide-react'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { createPortal } from 'react-dom'
import { useView } from '../../../net/query.ts'
import { useMe } from '../../../parts/identity/session.ts'
import { useMarket } from '../../../parts/markets/market.ts'
import { imageUrl } from '../../../parts/shows/cover.ts'
import { Avatar, Mark } from '../../../ui/Marks.tsx'
import { go, Link, usePlace } from '../../../ui/router.tsx'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import './SiteHeader.css'

const LanguageSheet = lazy(async () => ({ default: (await import('./LanguageSheet.tsx')).LanguageSheet }))
const AccountSheet = lazy(async () => ({ default: (await import('../../../parts/identity/AccountSheet.tsx')).AccountSheet }))

/** Search, language, bag, account: the same on every page of the shop. */
export function SiteHeader() {
  const words = useWords('store')
  const { path } = usePlace()
  const here = (to: string) => (path === to ? 'page' : undefined)
  return (
    <header className="site-header">
      <a className="site-skip" href="#content">
        {words('common.skip_to_content')}
      </a>
      <Link to="/" className="site-brand" aria-label={words('common.brand')}>
        <Mark />
        <b>{words('common.brand')}</b>
      </Link>
      <nav className="site-nav" aria-label={words('common.main_menu')}>
        <Link to="/" aria-current={here('/')}>
          {words('store.nav_shows')}
        </Link>
        <Link to="/products" aria-current={here('/products')}>
          {words('store.nav_shop')}
        </Link>
        <Link to="/orders" aria-current={here('/orders')}>
          {words('store.nav_orders')}
        </Link>
      </nav>
      <SearchBox />
      <div className="site-tools">
        <LanguageButton />
        <Bag />
        <Account />
      </div>
    </header>
  )
}

/** A sheet is no part of the page's banner. */
const Outside = ({ children }: { readonly children: ReactNode }) =>
  createPortal(<Suspense fallback={null}>{children}</Suspense>, document.body)

function SearchBox() {
  const words = useWords('store')
  const { path, query } = usePlace()
  const [text, setText] = useState(path === '/products' ? (query.get('q') ?? '') : '')
  return (
    <form
      className="site-search"
      role="search"
      onSubmit={(event) => {
        event.preventDefault()
        go(text.trim() ? `/products?q=${encodeURIComponent(text.trim())}` : '/products')
      }}
    >
      <Search size={18} aria-hidden />
      <input
        type="search"
        value={text}
        aria-label={words('store.search')}
        placeholder={words('store.search')}
        // Empty it follows the page, so that its hint stands where writing begins.
        dir={text === '' ? undefined : 'auto'}
        maxLength={100}
        enterKeyHint="search"
        onChange={(event) => setText(event.target.value)}
      />
    </form>
  )
}

function LanguageButton() {
  const words = useWords('store')
  const formats = useFormats()
  const { locale } = useLanguage()
  const market = useMarket()
  const [open, setOpen] = useState(false)
  const symbol = market
    ? formats.price({ amount: 0, currency: market.currency }).replace(/[\d.,\s\u00a0\u200e\u200f\u061c]/g, '')
    : ''
  return (
    <>
      <button
        type="button"
        className="site-tool site-language"
        aria-haspopup="dialog"
        title={words('store.language_and_prices')}
        onClick={() => setOpen(true)}
      >
        <Globe size={18} aria-hidden />
        <span>
          {locale.toUpperCase()}
          {symbol ? (
            <>
              {' · '}
              <bdi>{symbol}</bdi>
            </>
          ) : null}
        </span>
        <span className="hidden-text">{words('store.language_and_prices')}</span>
      </button>
      <Outside>{open ? <LanguageSheet open={open} onClose={() => setOpen(false)} /> : null}</Outside>
    </>
  )
}

export function useBagCount(): number {
  const me = useMe()
  const market = useMarket()
  const view = useView(cart, { market: market?.code ?? '' }, { when: Boolean(me.value?.person && market), staleMs: 30_000 })
  return view.value?.lines.reduce((sum, line) => sum + line.quantity, 0) ?? 0
}

function Bag() {
  const words = useWords('store')
  const count = useBagCount()
  return (
    <Link
      to="/bag"
      className="site-tool"
      aria-label={count > 0 ? words('store.bag_with', { n: count }) : words('store.bag')}
      title={words('store.bag')}
    >
      <ShoppingBag size={20} aria-hidden />
      {count > 0 ? <em aria-hidden="true">{count}</em> : null}
    </Link>
  )
}

function Account() {
  const words = useWords('store')
  const person = useMe().value?.person
  const [open, setOpen] = useState(false)
  const known = person?.kind === 'account' ? person : null
  return (
    <>
      <button
        type="button"
        className="site-tool"
        aria-haspopup="dialog"
        aria-label={known ? words('store.account_of', { name: known.name }) : words('common.sign_in')}
        title={known ? known.name : words('common.sign_in')}
        onClick={() => setOpen(true)}
      >
        {known ? <Avatar name={known.name} src={imageUrl(known.picture, 160)} /> : <CircleUserRound size={22} aria-hidden />}
      </button>
      <Outside>{open ? <AccountSheet open={open} onClose={() => setOpen(false)} /> : null}</Outside>
    </>
  )
}
