import type { Out } from '@efir/contract/act.ts'
import { cart, dropFromCart, setCartLine } from '@efir/contract/orders.ts'
import { textIn } from '@efir/contract/scalars.ts'
import { ShoppingBag, Trash2 } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useAct, useView } from '../../net/query.ts'
import { Shot } from '../../parts/catalog/Shot.tsx'
import { useOptionWords } from '../../parts/catalog/use-options.ts'
import { ProblemNote, ProblemState } from '../../parts/face/problem.tsx'
import { useMe } from '../../parts/identity/session.ts'
import { useMarket } from '../../parts/markets/market.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button, IconButton } from '../../ui/Button.tsx'
import { Stepper } from '../../ui/NumberInput.tsx'
import { Link } from '../../ui/router.tsx'
import { Countdown, Price } from '../../ui/Sale.tsx'
import { EmptyState, Skeleton } from '../../ui/State.tsx'
import { useFormats, useLanguage, useWords } from '../../ui/words.tsx'
import './BagPage.css'
import { SitePage } from './site/SitePage.tsx'

const CheckoutSheet = lazy(async () => ({ default: (await import('../../parts/orders/CheckoutSheet.tsx')).CheckoutSheet }))

type Bag = Out<typeof cart>
type Line = Bag['lines'][number]
const changes = [cart]

interface Buying {
  /** Another bag is another purchase: a new form and a new key. */
  readonly number: number
  readonly items: Line['item'][]
  readonly currency: string
  readonly units: number
  readonly open: boolean
}

export function BagPage() {
  const words = useWords('store')
  const me = useMe()
  const market = useMarket()
  const person = me.value?.person
  const view = useView(cart, { market: market?.code ?? '' }, { when: Boolean(person && market), staleMs: 0, keep: true })
  const nobody = me.state === 'ready' && !person
  // What is being bought stays as it was while its sheet lives, also after the bag itself is empty.
  const [buying, setBuying] = useState<Buying | null>(null)
  const buy = (bag: Bag) => () => {
    const items = bag.lines.map((line) => line.item)
    const same = buying !== null && JSON.stringify(buying.items) === JSON.stringify(items)
    setBuying({
      number: same ? buying.number : (buying?.number ?? 0) + 1,
      items,
      currency: bag.currency,
      units: bag.lines.reduce((sum, line) => sum + line.quantity, 0),
      open: true,
    })
  }
  return (
    <SitePage title={words('store.bag')} narrow>
      <h1>{words('store.bag')}</h1>
      {view.state === 'failed' ? <ProblemState problem={view.problem} again={view.again} /> : null}
      {view.state === 'loading' && !nobody ? <Skeleton height="240px" /> : null}
      {nobody || view.value?.lines.length === 0 ? (
        <EmptyState
          icon={ShoppingBag}
          title={words('store.bag_empty')}
          text={words('store.bag_empty_text')}
          action={<Button to="/products">{words('store.to_products')}</Button>}
        />
      ) : null}
      {view.value && view.value.lines.length > 0 ? (
        <Filled key={view.value.market} bag={view.value} onBuy={buy(view.value)} />
      ) : null}
      <Suspense fallback={null}>
        {buying ? (
          <BagCheckout buying={buying} onClose={() => setBuying({ ...buying, open: false })} onOver={() => setBuying(null)} />
        ) : null}
      </Suspense>
    </SitePage>
  )
}

function Filled({ bag, onBuy }: { readonly bag: Bag; readonly onBuy: () => void }) {
  const words = useWords('store')
  const shops = [...Map.groupBy(bag.lines, (line) => line.shopId)]
  const short = bag.lines.some((line) => !line.item.reservationId && line.left < line.quantity)
  return (
    <>
      {bag.gone > 0 ? <Banner tone="warn">{words('store.bag_gone', { n: bag.gone })}</Banner> : null}
      {shops.map(([shopId, lines]) => (
        <section key={shopId} className="bag-shop" aria-label={lines[0]?.shopName}>
          <h2>
            <bdi>{lines[0]?.shopName}</bdi>
          </h2>
          <ul>
            {lines.map((line) => (
              <BagLine key={line.id} market={bag.market} line={line} />
            ))}
          </ul>
        </section>
      ))}
      <footer className="bag-foot">
        <p>
          <span>
            {words('store.bag_goods')} <small className="muted">{words('store.bag_delivery_later')}</small>
          </span>
          <Price price={bag.goods} size="l" />
        </p>
        <Button kind="ink" size="l" wide disabled={short} onPress={onBuy}>
          {words('store.to_checkout')}
        </Button>
        {short ? <p className="muted small">{words('store.bag_short')}</p> : null}
      </footer>
    </>
  )
}

function BagCheckout({
  buying,
  onClose,
  onOver,
}: {
  readonly buying: Buying
  readonly onClose: () => void
  readonly onOver: () => void
}) {
  const words = useWords('store')
  return (
    <CheckoutSheet
      key={buying.number}
      open={buying.open}
      onClose={onClose}
      items={buying.items}
      currency={buying.currency}
      title={words('store.checkout')}
      head={
        <p className="bag-head">
          <b>{words('store.checkout')}</b>
          <span className="muted">{words('store.units', { n: buying.units })}</span>
        </p>
      }
      overVideo={false}
      onStep={() => undefined}
      onOver={onOver}
      closeText={words('common.close')}
    />
  )
}

function BagLine({ market, line }: { readonly market: string; readonly line: Line }) {
  const words = useWords('store')
  const formats = useFormats()
  const { locale } = useLanguage()
  const options = useOptionWords()
  const set = useAct(setCartLine, { changes })
  const drop = useAct(dropFromCart, { changes })
  const held = line.item.reservationId !== undefined
  const title = textIn(line.title, locale)
  return (
    <li className="bag-line">
      <Link to={`/product/${line.productId}`} className="bag-picture" aria-hidden="true" tabIndex={-1}>
        <Shot base={line.picture} alt="" sizes="88px" />
      </Link>
      <div className="bag-text">
        <Link to={`/product/${line.productId}`}>
          <b>
            <bdi>{title}</bdi>
          </b>
        </Link>
        <span className="muted">{options.textOf(line.options)}</span>
        <Price price={line.unitPrice} size="s" />
        {held && line.validUntilAt ? (
          <span className="bag-held">
            {words('store.held_for_you')} <Countdown endsAt={line.validUntilAt} />
          </span>
        ) : null}
        {!held && line.left < line.quantity ? (
          <span className="bag-short">
            {line.left === 0 ? words('store.out_of_stock') : words('store.left', { n: line.left })}
          </span>
        ) : null}
        <ProblemNote problem={set.problem ?? drop.problem} />
      </div>
      <div className="bag-end">
        {held ? (
          <span>× {formats.number(line.quantity)}</span>
        ) : (
          <Stepper
            label={words('store.quantity_of', { title })}
            hideLabel
            value={line.quantity}
            min={1}
            max={20}
            disabled={set.busy}
            onChange={(quantity) => void set.run({ market, variantId: line.variantId, quantity: quantity ?? 1 })}
          />
        )}
        <IconButton
          label={words('store.remove', { title })}
          icon={Trash2}
          busy={drop.busy}
          onPress={() => void drop.run({ market, cartLineId: line.id })}
        />
      </div>
    </li>
  )
}
