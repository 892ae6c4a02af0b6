import { priceHistory } from '@efir/contract/catalog.ts'
import { cart, setCartLine } from '@efir/contract/orders.ts'
import { availability } from '@efir/contract/stock.ts'
import { Check, RotateCcw, ShieldCheck, Store } from 'lucide-react'
import { useState } from 'react'
import { useAct, useView } from '../../../net/query.ts'
import { offered, optionGroups, swatches, type Variant, variantWith } from '../../../parts/catalog/options.ts'
import { lowestIn } from '../../../parts/catalog/price-history.ts'
import { useOptionWords } from '../../../parts/catalog/use-options.ts'
import { ProblemNote } from '../../../parts/face/problem.tsx'
import { useMe } from '../../../parts/identity/session.ts'
import { type MarketProfile, useMarket } from '../../../parts/markets/market.ts'
import { useBecomePerson } from '../../../parts/room/person.ts'
import { Button } from '../../../ui/Button.tsx'
import { RadioGroup } from '../../../ui/Choice.tsx'
import { now } from '../../../ui/clock.ts'
import { Link } from '../../../ui/router.tsx'
import { Price } from '../../../ui/Sale.tsx'
import { useFormats, useWords } from '../../../ui/words.tsx'
import type { Product } from './shape.ts'

export interface BuyBoxProps {
  readonly product: Product
  readonly variant: Variant | undefined
  readonly variants: readonly Variant[]
  readonly onChoose: (variantId: string) => void
}

const changes = [cart]

export function BuyBox({ product, variant, variants, onChoose }: BuyBoxProps) {
  const words = useWords('store', 'checkout')
  const formats = useFormats()
  const options = useOptionWords()
  const market = useMarket()
  const become = useBecomePerson()
  const put = useAct(setCartLine, { changes })
  const [added, setAdded] = useState<string | null>(null)
  const [today] = useState(now)
  const stock = useView(
    availability,
    { variantIds: variants.map((one) => one.id) },
    { when: variants.length > 0, everyMs: 30_000 },
  )
  const left = variant ? stock.value?.variants.find((one) => one.variantId === variant.id)?.left : undefined
  const price = variant?.prices.find((one) => one.currency === market?.currency)
  const history = useView(
    priceHistory,
    { variantId: variant?.id ?? '', currency: price?.currency ?? '' },
    { when: variant !== undefined && price !== undefined },
  )
  const low = history.value ? lowestIn(history.value.prices, today) : null
  const known = useMe().value?.person
  const bag = useView(cart, { market: market?.code ?? '' }, { when: Boolean(known && market) })
  const inBag = bag.value?.lines.find((line) => line.variantId === variant?.id && !line.item.reservationId)?.quantity ?? 0

  const add = async () => {
    if (!variant || !market || !(await become())) return
    const answer = await put.run({ market: market.code, variantId: variant.id, quantity: Math.min(20, inBag + 1) })
    if (answer.ok) setAdded(variant.id)
  }
  const choice = variant?.options ?? {}
  return (
    <div className="buy-box">
      <p className="buy-price">
        {price ? <Price price={price} size="xl" /> : <span className="muted">{words('store.not_sold_here')}</span>}
        {price ? (
          <span className="muted small">
            {[
              words(market?.taxIncluded ? 'store.tax_in' : 'store.tax_later'),
              low ? words('store.low_30', { price: formats.price(low) }) : null,
            ]
              .filter(Boolean)
              .join(' · ')}
          </span>
        ) : null}
      </p>
      {optionGroups(variants).map((group) => (
        <RadioGroup
          key={group.name}
          label={
            <>
              {options.nameOf(group.name)} <b>{options.textOfValue(choice[group.name] ?? '')}</b>
            </>
          }
          look="chips"
          value={choice[group.name] ?? null}
          onChange={(value) => {
            const next = variantWith(variants, { ...choice, [group.name]: value }, group.name)
            if (next) onChoose(next.id)
          }}
          options={group.values.map((value) => ({
            value,
            label: offered(variants, choice, group.name, value) ? (
              options.textOfValue(value)
            ) : (
              <span className="muted">{options.textOfValue(value)}</span>
            ),
            ...(swatches[value] ? { swatch: swatches[value] } : {}),
          }))}
        />
      ))}
      <p className="buy-stock" role="status">
        {left === undefined
          ? ' '
          : left === 0
            ? words('store.out_of_stock')
            : left < 20
              ? words('store.left', { n: left })
              : words('store.in_stock')}
      </p>
      <ProblemNote problem={put.problem} />
      <div className="buy-actions">
        <Button kind="ink" size="l" wide busy={put.busy} disabled={!price || left === 0} onPress={() => void add()}>
          {words('store.add_to_bag')}
        </Button>
        {inBag > 0 || added === variant?.id ? (
          <Button kind="outline" size="l" wide icon={Check} to="/bag">
            {words('store.in_bag', { n: Math.max(1, inBag) })}
          </Button>
        ) : null}
      </div>
      <Notes product={product} market={market} />
    </div>
  )
}

/** Whose it is, how it goes back, how long it is vouched for. */
function Notes({ product, market }: { readonly product: Product; readonly market: MarketProfile | null }) {
  const words = useWords('store', 'checkout')
  const returnsKey = market?.texts.returns ?? ''
  return (
    <ul className="buy-notes">
      <li>
        <Store size={20} aria-hidden />
        <span>
          {words.rich('store.sold_by', {
            shop: product.shopName,
            link: (text) => (
              <Link key="shop" to={`/products?shop=${product.shopId}`} className="text-link">
                {text}
              </Link>
            ),
          })}
        </span>
      </li>
      {words.has(returnsKey) ? (
        <li>
          <RotateCcw size={20} aria-hidden />
          <span>{words(returnsKey as 'checkout.returns14')}</span>
        </li>
      ) : null}
      {product.warrantyMonths ? (
        <li>
          <ShieldCheck size={20} aria-hidden />
          <span>{words('store.warranty', { n: product.warrantyMonths })}</span>
        </li>
      ) : null}
    </ul>
  )
}
