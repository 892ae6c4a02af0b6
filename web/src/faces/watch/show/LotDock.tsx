import { followLink } from '@efir/contract/lots.ts'
import { textIn } from '@efir/contract/scalars.ts'
import { lazy, Suspense, useState } from 'react'
import { call } from '../../../net/api.ts'
import { Shot } from '../../../parts/catalog/Shot.tsx'
import { LotCard } from '../../../parts/lots/LotCard.tsx'
import type { Lot } from '../../../parts/lots/lot.ts'
import type { Moment } from '../../../parts/lots/moment.ts'
import { go, Link } from '../../../ui/router.tsx'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import './LotDock.css'
import type { Dock } from './use-dock.ts'

const VariantChips = lazy(async () => ({ default: (await import('../../../parts/lots/VariantChips.tsx')).VariantChips }))

export const loadPurchase = () => import('./PurchaseSheet.tsx')

/** One press means what the moment says. */
export async function pressLot(dock: Dock, lot: Lot, moment: Moment, variantId?: string): Promise<void> {
  switch (moment.at) {
    case 'buy':
    case 'yours':
    case 'declined':
    case 'checking':
      // After a reload the purchase of before is known by its order alone.
      if (moment.at === 'checking' && !dock.purchases.some((one) => one.lotId === lot.id))
        return go(moment.number ? `/order/${moment.number}` : '/orders')
      void loadPurchase()
      return await dock.buy(lot, variantId)
    case 'bought':
      return go(`/order/${moment.number}`)
    case 'offline':
      return dock.shelf.again()
    case 'elsewhere':
      await call(followLink, { lotId: lot.id })
  }
}

/** The card with the lots beside it. */
export function LotDock({
  dock,
  size,
  calm,
}: {
  readonly dock: Dock
  readonly size: 'phone' | 'desktop'
  readonly calm: boolean
}) {
  const words = useWords('watch')
  const { lot, moment } = dock
  const [variant, setVariant] = useState<{ lotId: string; id: string } | null>(null)
  if (!lot && dock.shelf.state !== 'loading')
    return size === 'desktop' ? (
      <p className="dock-empty">{words(dock.shelf.lots.length > 0 ? 'watch.nothing_pinned' : 'watch.no_lots')}</p>
    ) : null
  const chosen = variant && variant.lotId === lot?.id ? variant.id : lot?.variants[0]?.variantId
  const choosable = lot && size === 'desktop' && lot.variants.length > 1 && (moment.at === 'buy' || moment.at === 'soon')
  return (
    <div className="dock">
      <PinStrip dock={dock} />
      <LotCard
        lot={lot}
        moment={moment}
        size={size}
        calm={calm}
        problem={dock.problem}
        usual={lot?.productId ? <Link to={`/product/${lot.productId}`}>{words('watch.in_shop')}</Link> : undefined}
        onPress={() => lot && void pressLot(dock, lot, moment, chosen)}
        onMore={() => {
          void loadPurchase()
          if (lot) void dock.buy(lot, chosen)
        }}
      >
        {choosable ? (
          <Suspense fallback={null}>
            <VariantChips lot={lot} value={chosen ?? null} onChange={(id) => setVariant({ lotId: lot.id, id })} hideLabel />
          </Suspense>
        ) : null}
      </LotCard>
    </div>
  )
}

/** Other lots on the screen now; and the way back from one that the viewer chose. */
function PinStrip({ dock }: { readonly dock: Dock }) {
  const words = useWords('watch')
  const formats = useFormats()
  const { locale } = useLanguage()
  if (dock.otherPins.length === 0 && !dock.focused) return null
  return (
    <ul className="pin-strip" aria-label={words('watch.also_pinned')}>
      {dock.otherPins.map((lot) => (
        <li key={lot.id}>
          <button type="button" className="pin-chip" onClick={() => dock.focus(lot.id)}>
            <span className="pin-chip-picture">
              <Shot base={lot.picture} alt="" sizes="36px" />
            </span>
            <span>
              <b>
                <bdi>{textIn(lot.title, locale)}</bdi>
              </b>
              <small>
                {words('watch.lot', { number: lot.number })} · {formats.price(lot.price)}
              </small>
            </span>
          </button>
        </li>
      ))}
      {dock.focused && dock.otherPins.length === 0 ? (
        <li>
          <button type="button" className="pin-chip pin-chip-plain" onClick={() => dock.focus(null)}>
            {words('watch.back_to_pinned')}
          </button>
        </li>
      ) : null}
    </ul>
  )
}
