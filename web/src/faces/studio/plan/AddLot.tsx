import type { Out } from '@efir/contract/act.ts'
import { findProducts, productEditor, productPage, shopProducts } from '@efir/contract/catalog.ts'
import { createLot, lotBoard } from '@efir/contract/lots.ts'
import { textIn } from '@efir/contract/scalars.ts'
import { useState } from 'react'
import { useAct, usePages, useView } from '../../../net/query.ts'
import { Shot } from '../../../parts/catalog/Shot.tsx'
import { ProblemNote, ProblemState } from '../../../parts/face/problem.tsx'
import { useMe } from '../../../parts/identity/session.ts'
import type { DeskLot } from '../../../parts/studio/thumb.ts'
import type { Desk } from '../../../parts/studio/use-desk.ts'
import { Button } from '../../../ui/Button.tsx'
import { Checkbox, Select } from '../../../ui/Choice.tsx'
import { FieldGroup } from '../../../ui/Field.tsx'
import { LoadMore } from '../../../ui/Paging.tsx'
import { Sheet } from '../../../ui/Sheet.tsx'
import { EmptyState, Skeleton } from '../../../ui/State.tsx'
import { SearchInput } from '../../../ui/TextInput.tsx'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import { TermsFields } from './TermsFields.tsx'
import { startTerms, type Terms, termsFit } from './terms.ts'

type Card = Out<typeof shopProducts>['items'][number]
type Product = Out<typeof productPage>

interface AddLotProps {
  readonly desk: Desk
  readonly open: boolean
  readonly onClose: () => void
  readonly onAdded: (lot: DeskLot) => void
}

/** First the product, then its terms. */
export function AddLot({ desk, open, onClose, onAdded }: AddLotProps) {
  const words = useWords('studio')
  const [card, setCard] = useState<Card | null>(null)
  const close = () => {
    setCard(null)
    onClose()
  }
  if (card)
    return (
      <TermsStep
        desk={desk}
        card={card}
        open={open}
        onClose={close}
        onBack={() => setCard(null)}
        onAdded={(lot) => {
          close()
          onAdded(lot)
        }}
      />
    )
  return (
    <Sheet open={open} onClose={close} title={words('studio.choose_product')} height="tall">
      {open ? <Products desk={desk} onChoose={setCard} /> : null}
    </Sheet>
  )
}

function Products({ desk, onChoose }: { readonly desk: Desk; readonly onChoose: (card: Card) => void }) {
  const words = useWords('studio')
  const formats = useFormats()
  const { locale } = useLanguage()
  const me = useMe()
  const mine = me.value?.shops ?? []
  const own = desk.show?.shopId ?? ''
  const shops = [...(mine.some((shop) => shop.id === own) ? [] : [{ id: own, name: desk.show?.shopName ?? '' }]), ...mine]
  const [shopId, setShopId] = useState(own)
  const [text, setText] = useState('')
  const staff = mine.some((shop) => shop.id === shopId)
  const find = text.trim() === '' ? {} : { words: text.trim() }
  // A host who is not of the shop's staff chooses among what everybody sees.
  const inside = usePages(shopProducts, { shopId, ...find }, { when: staff })
  const outside = usePages(findProducts, { shopId, ...find }, { when: !staff })
  const found = staff ? inside : outside
  const shown = (found.value ?? []).filter((one) => one.state !== 'archived')
  return (
    <div className="plan-form">
      {shops.length > 1 ? (
        <Select
          label={words('studio.shop')}
          value={shopId}
          onChange={setShopId}
          options={shops.map((shop) => ({ value: shop.id, label: shop.name }))}
        />
      ) : null}
      <SearchInput label={words('studio.find_product')} value={text} onChange={setText} />
      {found.state === 'loading' ? <Skeleton height="256px" /> : null}
      {found.state === 'failed' ? <ProblemState problem={found.problem} again={found.again} /> : null}
      {found.state === 'ready' && shown.length === 0 ? <EmptyState title={words('studio.no_products')} /> : null}
      <ul className="product-list">
        {shown.map((one) => (
          <li key={one.id}>
            <button type="button" className="product-pick" onClick={() => onChoose(one)}>
              <Shot base={one.picture?.base} tint={one.picture?.tint} alt="" sizes="48px" />
              <span>
                <b className="ellipsis">
                  <bdi>{textIn(one.title, locale)}</bdi>
                </b>
                <small className="muted ellipsis">{[one.brand, one.category].filter(Boolean).join(' · ')}</small>
              </span>
              {one.price ? <span>{formats.price(one.price)}</span> : null}
            </button>
          </li>
        ))}
      </ul>
      <LoadMore more={found.more} busy={found.moreBusy} onMore={found.loadMore} />
    </div>
  )
}

const changed = [lotBoard] as const

function TermsStep({
  desk,
  card,
  open,
  onClose,
  onBack,
  onAdded,
}: AddLotProps & { readonly card: Card; readonly onBack: () => void }) {
  const { locale } = useLanguage()
  const me = useMe()
  const staff = me.value?.shops.some((shop) => shop.id === card.shopId) ?? false
  const inside = useView(productEditor, { productId: card.id }, { when: staff })
  const outside = useView(productPage, { productId: card.id }, { when: !staff })
  const view = staff ? inside : outside
  return view.state === 'ready' ? (
    <TermsForm desk={desk} product={view.value} open={open} onClose={onClose} onBack={onBack} onAdded={onAdded} />
  ) : (
    <Sheet open={open} onClose={onClose} title={textIn(card.title, locale)} height="tall">
      {view.state === 'failed' ? <ProblemState problem={view.problem} again={view.again} /> : <Skeleton height="320px" />}
    </Sheet>
  )
}

function TermsForm({
  desk,
  product,
  open,
  onClose,
  onBack,
  onAdded,
}: AddLotProps & { readonly product: Product; readonly onBack: () => void }) {
  const words = useWords('studio')
  const { locale } = useLanguage()
  const currency = desk.show?.currency ?? 'EUR'
  const variants = product.variantList.filter((one) => one.active)
  const [chosen, setChosen] = useState<readonly string[]>(() => variants.map((one) => one.id))
  const picked = variants.filter((one) => chosen.includes(one.id))
  const known = picked.every((one) => one.available !== undefined)
  const stock = known ? picked.reduce((sum, one) => sum + (one.available ?? 0), 0) : null
  const price = variants.flatMap((one) => one.prices).find((one) => one.currency === currency) ?? null
  const [terms, setTerms] = useState<Terms>(() => startTerms(price, stock))
  const creating = useAct(createLot, { changes: changed })
  const add = async () => {
    const answer = await creating.run({
      showId: desk.showId,
      variantIds: [...chosen],
      price: { amount: terms.amount ?? 0, currency },
      quota: terms.quota ?? 1,
      perBuyer: terms.perBuyer ?? 1,
      guard: terms.guard,
      ...(terms.windowMs > 0 ? { windowMs: terms.windowMs } : {}),
      ...(terms.reference === 'maker'
        ? { reference: { price: { amount: terms.makersAmount ?? 0, currency }, basis: 'makers_price' as const } }
        : {}),
    })
    if (answer.ok) onAdded(answer.value)
  }
  return (
    <Sheet
      open={open}
      onClose={onClose}
      title={textIn(product.title, locale)}
      height="tall"
      footer={
        <div className="quick-foot">
          <Button size="l" onPress={onBack}>
            {words('common.back')}
          </Button>
          <Button
            kind="ink"
            size="l"
            wide
            busy={creating.busy}
            disabled={!termsFit(terms) || chosen.length === 0}
            onPress={() => void add()}
          >
            {words('studio.add_lot')}
          </Button>
        </div>
      }
    >
      <div className="plan-form">
        {variants.length > 1 ? (
          <FieldGroup label={words('studio.variants')}>
            {variants.map((one) => (
              <Checkbox
                key={one.id}
                label={Object.values(one.options).join(' · ') || one.sku}
                hint={one.available === undefined ? undefined : words('studio.in_stock', { n: one.available })}
                checked={chosen.includes(one.id)}
                onChange={(on) => setChosen(on ? [...chosen, one.id] : chosen.filter((id) => id !== one.id))}
              />
            ))}
          </FieldGroup>
        ) : null}
        <TermsFields value={terms} currency={currency} onChange={setTerms} stock={stock} />
        <ProblemNote problem={creating.problem} />
      </div>
    </Sheet>
  )
}
