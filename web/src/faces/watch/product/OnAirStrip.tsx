import { shelf } from '@efir/contract/lots.ts'
import { storefront } from '@efir/contract/shows.ts'
import { useView } from '../../../net/query.ts'
import { hostsLine } from '../../../parts/shows/Cards.tsx'
import { imageUrl } from '../../../parts/shows/cover.ts'
import { Button } from '../../../ui/Button.tsx'
import { LiveBadge } from '../../../ui/Marks.tsx'
import { Price } from '../../../ui/Sale.tsx'
import { useFormats, useWords } from '../../../ui/words.tsx'
import type { Product } from './shape.ts'

/** The product is in a show that is on air now: its live price and the way there. */
export function OnAirStrip({ product }: { readonly product: Product }) {
  const words = useWords('store')
  const formats = useFormats()
  const onAir = useView(storefront, {}, { staleMs: 30_000 }).value?.live ?? []
  // Its own shop's show first; a show of another one may sell it, too.
  const live = onAir.find((show) => show.shopId === product.shopId) ?? onAir.find((show) => show.lots > 0)
  const lots = useView(shelf, { showId: live?.id ?? '' }, { when: live !== undefined, everyMs: 15_000 }).value?.lots
  const lot = lots?.find((one) => one.productId === product.id && (one.state === 'open' || one.state === 'counting'))
  if (!live || !lot) return null
  const cover = imageUrl(live.cover, 160)
  return (
    <aside className="on-air-strip">
      {cover ? <img src={cover} alt="" /> : null}
      <div>
        <p>
          <LiveBadge /> <b>{hostsLine(live)}</b>
        </p>
        <Price price={lot.price} before={lot.reference?.price} />
        <p className="small">
          {words('common.stock_left', { left: formats.number(lot.left), total: formats.number(lot.quota) })}
        </p>
      </div>
      <Button kind="signal" to={`/show/${live.id}`}>
        {words('store.watch_and_buy')}
      </Button>
    </aside>
  )
}
