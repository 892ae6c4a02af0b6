import { textIn } from '@efir/contract/scalars.ts'
import { countdown } from '@efir/words/formats.ts'
import { Shot } from '../../../parts/catalog/Shot.tsx'
import type { Lot } from '../../../parts/lots/lot.ts'
import type { Moment } from '../../../parts/lots/moment.ts'
import { useNow } from '../../../ui/clock.ts'
import { cx } from '../../../ui/cx.ts'
import { Price } from '../../../ui/Sale.tsx'
import { EmptyState, Skeleton } from '../../../ui/State.tsx'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import './ShelfList.css'
import type { Dock } from './use-dock.ts'

export interface ShelfListProps {
  readonly dock: Dock
  readonly look: 'strip' | 'list'
  readonly live: boolean
  readonly onChoose?: () => void
}

/** All lots of the show; a press brings one onto the card. */
export function ShelfList({ dock, look, live, onChoose }: ShelfListProps) {
  const words = useWords('watch')
  const { shelf } = dock
  const ticking = shelf.lots.some((lot) => lot.state === 'counting' || lot.state === 'open')
  useNow(ticking ? 1000 : null)
  if (shelf.state === 'loading')
    return (
      <div className={`shelf shelf-${look}`}>
        {[1, 2, 3, 4].map((key) => (
          <Skeleton key={key} height="96px" width={look === 'strip' ? '260px' : '100%'} />
        ))}
      </div>
    )
  if (shelf.lots.length === 0) return look === 'list' ? <EmptyState title={words('watch.no_lots')} /> : null
  const pinned = new Set(live ? shelf.pins.map((pin) => pin.lotId) : [])
  return (
    <ul className={`shelf shelf-${look}`} aria-label={words('watch.shelf')}>
      {shelf.lots.map((lot) => (
        <li key={lot.id}>
          <ShelfItem
            lot={lot}
            moment={dock.momentOf(lot)}
            pinned={pinned.has(lot.id)}
            current={dock.lot?.id === lot.id}
            onPress={() => {
              dock.focus(lot.id)
              onChoose?.()
            }}
          />
        </li>
      ))}
    </ul>
  )
}

interface ItemProps {
  readonly lot: Lot
  readonly moment: Moment
  readonly pinned: boolean
  readonly current: boolean
  readonly onPress: () => void
}

function ShelfItem({ lot, moment, pinned, current, onPress }: ItemProps) {
  const words = useWords('watch')
  const { locale } = useLanguage()
  const dim = moment.at === 'ended' || moment.at === 'sold_out'
  return (
    <button
      type="button"
      className={cx('shelf-item', current && 'shelf-item-current', dim && 'shelf-item-dim')}
      aria-pressed={current}
      onClick={onPress}
    >
      <span className="shelf-picture">
        <Shot base={lot.picture} alt="" sizes="84px" />
        <span className="shelf-number">{lot.number}</span>
      </span>
      <span className="shelf-text">
        <b>
          <bdi>{textIn(lot.title, locale)}</bdi>
        </b>
        <Price price={lot.price} size="s" before={lot.reference?.price} quiet={dim} />
        <span className={cx('shelf-note', pinned && !dim && 'shelf-note-live')}>
          <ShelfNote moment={moment} pinned={pinned} left={lot.left} />
        </span>
      </span>
      <span className="hidden-text">{words('watch.show_lot')}</span>
    </button>
  )
}

function ShelfNote({ moment, pinned, left }: { readonly moment: Moment; readonly pinned: boolean; readonly left: number }) {
  const words = useWords('watch')
  const formats = useFormats()
  const now = useNow(moment.at === 'soon' && moment.opensAt !== null ? 1000 : null)
  switch (moment.at) {
    case 'soon':
      return moment.opensAt === null ? words('watch.later') : words('watch.soon_in', { time: countdown(moment.opensAt - now) })
    case 'buy':
    case 'asking':
      return pinned
        ? words('watch.on_air_left', { left: formats.number(left) })
        : words('watch.units_left', { left: formats.number(left) })
    case 'yours':
    case 'declined':
      return words('watch.waits_for_you')
    case 'checking':
      return words('watch.checking_short')
    case 'bought':
      return words('watch.order', { number: moment.number })
    case 'sold_out':
      return words('watch.sold_out')
    case 'elsewhere':
      return moment.seller
    case 'ended':
      return words('watch.ended')
    default:
      return words('watch.offline')
  }
}
