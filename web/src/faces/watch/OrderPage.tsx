import { cancelOrder, checkout, findOrder, myOrders, order } from '@efir/contract/orders.ts'
import { textIn } from '@efir/contract/scalars.ts'
import { useState } from 'react'
import { refresh, useAct, usePages, useView } from '../../net/query.ts'
import { Shot } from '../../parts/catalog/Shot.tsx'
import { useOptionWords } from '../../parts/catalog/use-options.ts'
import { ProblemNote, ProblemState } from '../../parts/face/problem.tsx'
import { useMe } from '../../parts/identity/session.ts'
import { addressLine } from '../../parts/orders/address.ts'
import { FindOrder } from '../../parts/orders/FindOrder.tsx'
import { OrderSteps } from '../../parts/orders/OrderSteps.tsx'
import type { Order } from '../../parts/orders/order.ts'
import { PayAgainSheet } from '../../parts/orders/PayAgainSheet.tsx'
import { type Proof, proofOf } from '../../parts/orders/proof.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Link, usePlace } from '../../ui/router.tsx'
import { Skeleton } from '../../ui/State.tsx'
import { useFormats, useLanguage, useWords } from '../../ui/words.tsx'
import './OrdersPage.css'
import { SitePage } from './site/SitePage.tsx'

const brandName = (brand: string) => brand.charAt(0).toUpperCase() + brand.slice(1)
const plain = (number: string) => number.replace(/[\s-]/g, '').toUpperCase()

/** By its number: mine is found among my orders, a guest's by the e-mail it was placed with. */
export function OrderPage() {
  const words = useWords('store', 'checkout')
  const { params } = usePlace()
  const number = params.number ?? ''
  const person = useMe()
  const known = Boolean(person.value?.person)
  const mine = usePages(myOrders, {}, { when: known })
  const proof = proofOf(number)
  const own = mine.value?.find((one) => plain(one.number) === plain(number))
  const orderId = own?.id ?? proof?.orderId ?? null
  if (orderId !== null) return <OneOrder key={orderId} orderId={orderId} proof={own ? null : proof} />
  const looking = person.state === 'loading' || (known && mine.state === 'loading')
  return (
    <SitePage title={words('store.find_order')} narrow>
      <h1>{words('store.find_order')}</h1>
      {looking ? (
        <Skeleton height="120px" />
      ) : (
        <>
          <p className="muted">{words('store.find_order_text')}</p>
          <FindOrder number={number} />
        </>
      )}
    </SitePage>
  )
}

const changes = [order, myOrders, findOrder]

function OneOrder({ orderId, proof }: { readonly orderId: string; readonly proof: Proof | null }) {
  const words = useWords('store', 'checkout')
  const email = proof ? { email: proof.email } : {}
  const view = useView(order, { orderId, ...email }, { everyMs: 20_000 })
  const cancel = useAct(cancelOrder, { changes })
  const [asking, setAsking] = useState(false)
  const [paying, setPaying] = useState(false)
  if (view.state === 'failed')
    return (
      <SitePage title={words('checkout.order_number')} narrow quiet>
        <ProblemState problem={view.problem} again={view.again} />
      </SitePage>
    )
  if (view.state === 'loading')
    return (
      <SitePage title={words('checkout.order_number')} narrow quiet>
        <Skeleton height="48px" width="60%" />
        <Skeleton height="320px" />
      </SitePage>
    )
  const value = view.value
  return (
    <SitePage title={`${words('checkout.order_number')} ${value.number}`} narrow>
      <OrderHead value={value} />
      {value.canPayAgain ? (
        <Banner
          tone="warn"
          title={words('store.not_paid')}
          action={
            <Button kind="ink" onPress={() => setPaying(true)}>
              {words('store.pay_now')}
            </Button>
          }
        >
          {words('store.not_paid_text')}
        </Banner>
      ) : null}
      <OrderBody value={value} />
      <ProblemNote problem={cancel.problem} />
      <div className="order-actions">
        {value.canCancel ? (
          <Button kind="outline" onPress={() => setAsking(true)}>
            {words('store.cancel_order')}
          </Button>
        ) : null}
        {value.showId ? <Button to={`/show/${value.showId}`}>{words('store.to_the_show')}</Button> : null}
      </div>
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title={words('store.cancel_title', { number: value.number })}
        confirm={words('store.cancel_order')}
        cancel={words('store.keep_order')}
        kind="danger"
        busy={cancel.busy}
        onConfirm={async () => {
          await cancel.run({ orderId, ...email })
          setAsking(false)
        }}
      >
        {words('store.cancel_text')}
      </Dialog>
      {paying ? (
        <PayAgainSheet
          checkoutId={value.checkoutId}
          email={proof?.email}
          open={paying}
          onClose={() => {
            setPaying(false)
            void refresh(...changes, checkout)
          }}
        />
      ) : null}
    </SitePage>
  )
}

function OrderHead({ value }: { readonly value: Order }) {
  const words = useWords('store', 'checkout')
  const formats = useFormats()
  return (
    <header className="order-head">
      <h1>
        {words('checkout.order_number')} <bdi dir="ltr">{value.number}</bdi>
      </h1>
      <p className="muted">
        {words('store.placed_at', { time: formats.date(value.placedAt, 'dateTime') })} ·{' '}
        <Link to={`/shop/${value.shop.slug}`} className="text-link">
          <bdi>{value.shop.name}</bdi>
        </Link>
      </p>
      <div className="order-card">
        <OrderSteps
          state={value.state}
          payOnDelivery={value.payOnDelivery}
          at={{
            placed: value.placedAt,
            paid: value.paidAt,
            packed: value.packedAt,
            shipped: value.shippedAt,
            delivered: value.deliveredAt,
          }}
        />
        {value.parcel.tracking ? (
          <p>
            {words('store.tracking')}{' '}
            <b>
              <bdi>
                {value.parcel.carrier} {value.parcel.tracking}
              </bdi>
            </b>
          </p>
        ) : null}
        {value.parcel.numbers.length > 1 ? (
          <p className="muted">{words('store.one_parcel', { numbers: formats.list(value.parcel.numbers) })}</p>
        ) : null}
        {value.refunds.map((refund) => (
          <p key={refund.id}>
            {words(refund.state === 'done' ? 'store.refund_done' : 'store.refund_asked', {
              amount: formats.money(refund.amount),
              date: formats.date(refund.doneAt ?? refund.at, 'date'),
            })}
          </p>
        ))}
      </div>
    </header>
  )
}

function OrderBody({ value }: { readonly value: Order }) {
  const words = useWords('store', 'checkout')
  const formats = useFormats()
  const { locale } = useLanguage()
  const options = useOptionWords()
  const goods = value.lines.filter((line) => line.kind === 'goods')
  return (
    <>
      <section className="order-card" aria-label={words('store.goods')}>
        <ul className="order-lines">
          {goods.map((line) => (
            <li key={line.id}>
              <span className="order-line-picture">
                <Shot base={line.picture} alt="" sizes="56px" />
              </span>
              <span>
                {line.productId ? (
                  <Link to={`/product/${line.productId}`} className="text-link">
                    <bdi>{textIn(line.title, locale)}</bdi>
                  </Link>
                ) : (
                  <bdi>{textIn(line.title, locale)}</bdi>
                )}
                <small>
                  {[
                    options.textOf(line.options),
                    `× ${formats.number(line.quantity)}`,
                    line.returned > 0 ? words('store.returned', { n: line.returned }) : '',
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </small>
              </span>
              <span>{formats.money(line.total)}</span>
            </li>
          ))}
        </ul>
        <dl className="totals">
          <div>
            <dt>{words('checkout.delivery')}</dt>
            <dd>{value.delivery.amount === 0 ? words('common.free') : formats.money(value.delivery)}</dd>
          </div>
          <div>
            <dt>{words(value.taxIncluded ? 'checkout.tax_inside' : 'checkout.tax_added')}</dt>
            <dd>{formats.money(value.tax)}</dd>
          </div>
          <div className="totals-sum">
            <dt>{words('common.total')}</dt>
            <dd>{formats.money(value.total)}</dd>
          </div>
        </dl>
      </section>
      <section className="order-card order-grid" aria-label={words('common.details')}>
        <div>
          <h2>{words('checkout.delivery')}</h2>
          <p>
            <bdi>{textIn(value.deliveryMethod.name, locale)}</bdi>
          </p>
          <p>
            <bdi>{addressLine(value.address, formats.country(value.address.country))}</bdi>
          </p>
          <p className="muted">
            <bdi>{value.address.name}</bdi>, <bdi dir="ltr">{value.phone}</bdi>
          </p>
        </div>
        <div>
          <h2>{words('checkout.payment')}</h2>
          <p>
            {value.payOnDelivery
              ? words('checkout.method_cod')
              : value.payment?.card
                ? words('store.paid_by_card', { brand: brandName(value.payment.card.brand), last4: value.payment.card.last4 })
                : words('checkout.method_card')}
          </p>
          <p className="muted">
            <bdi>{value.email}</bdi>
          </p>
        </div>
      </section>
    </>
  )
}
