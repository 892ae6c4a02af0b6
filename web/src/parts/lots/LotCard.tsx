import { textIn } from '@efir/contract/scalars.ts'
import { countdown, type Formats } from '@efir/words/formats.ts'
import { Check, ExternalLink, Package, RefreshCw, WifiOff } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button, type ButtonKind, type IconOf } from '../../ui/Button.tsx'
import { useNow } from '../../ui/clock.ts'
import { cx } from '../../ui/cx.ts'
import { Tag } from '../../ui/Marks.tsx'
import { CountdownRing, Price, Rating, StockBar } from '../../ui/Sale.tsx'
import { Skeleton } from '../../ui/State.tsx'
import { useFormats, useLanguage, useWords, type Words } from '../../ui/words.tsx'
import { Shot } from '../catalog/Shot.tsx'
import type { Lot } from './lot.ts'
import './LotCard.css'
import type { Moment } from './moment.ts'

export interface LotCardProps {
  readonly lot: Lot | null
  readonly moment: Moment
  /** The one press: buy, go on paying, see the order, try again. Which one is the moment's. */
  readonly onPress: () => void
  /** Another one, for a buyer whose limit is not reached. */
  readonly onMore?: () => void
  /** Off air nothing hurries: an ink button in place of the lit one. */
  readonly calm?: boolean
  /** In place of the stock when the lot has ended: where it can still be had. */
  readonly usual?: ReactNode
  readonly size?: 'phone' | 'desktop'
  /** Between the facts and the button: variants on a desktop. */
  readonly children?: ReactNode
  readonly problem?: string | null
}

/** One object everywhere: fixed slots, and nothing around it moves when the state changes. */
export function LotCard({ lot, moment, onPress, onMore, calm = false, usual, size = 'phone', children, problem }: LotCardProps) {
  const words = useWords('watch')
  const { locale } = useLanguage()
  if (!lot) return <LotSkeleton size={size} />
  const title = textIn(lot.title, locale)
  const dim = moment.at === 'ended' || moment.at === 'offline'
  return (
    <article
      className={cx('lot', `lot-${size}`, dim && 'lot-dim')}
      aria-label={words('watch.lot_named', { number: lot.number, title })}
      data-moment={moment.at}
    >
      <div className="lot-top">
        <div className="lot-picture">
          <Shot base={lot.picture} alt="" sizes={size === 'desktop' ? '148px' : '88px'} />
          <span className="lot-number">{words('watch.lot', { number: lot.number })}</span>
        </div>
        <div className="lot-body">
          <div className="lot-head">
            <h2 className="lot-title">
              <bdi>{title}</bdi>
            </h2>
            <p className="lot-rating">
              {lot.rating ? (
                <>
                  <Rating value={lot.rating.average} count={words('watch.reviews', { n: lot.rating.count })} />
                  {' · '}
                </>
              ) : null}
              <bdi>{lot.link?.seller ?? lot.shopName}</bdi>
              {lot.guard === 'open' || lot.link ? null : ` · ${words(`watch.guard_${lot.guard}`)}`}
            </p>
          </div>
          <div className="lot-slot">
            <Corner moment={moment} />
          </div>
          <div className="lot-price">
            <Price
              price={lot.price}
              before={lot.reference?.price}
              basis={lot.reference ? words(`watch.basis_${lot.reference.basis}`) : null}
              size={size === 'desktop' ? 'xl' : 'l'}
              quiet={dim}
            />
          </div>
          <div className="lot-line">
            <Line lot={lot} moment={moment} usual={usual ?? lot.shopName} problem={problem} />
          </div>
        </div>
      </div>
      {children}
      {moment.at === 'bought' && moment.more && onMore ? (
        <div className="lot-buttons">
          <LotButton moment={moment} calm={calm} onPress={onPress} />
          <Button kind="outline" size="l" wide onPress={onMore}>
            {words('watch.buy_more')}
          </Button>
        </div>
      ) : (
        <LotButton moment={moment} calm={calm} onPress={onPress} />
      )}
    </article>
  )
}

/** The ring, or a tag in the same place. */
function Corner({ moment }: { readonly moment: Moment }) {
  const words = useWords('watch')
  switch (moment.at) {
    case 'soon':
      return moment.opensAt === null ? (
        <Tag>{words('watch.soon')}</Tag>
      ) : (
        <CountdownRing endsAt={moment.opensAt} totalMs={moment.fullMs} tone="ink" />
      )
    case 'buy':
    case 'asking':
      return moment.closesAt === null ? (
        <Tag>{words('watch.open_now')}</Tag>
      ) : (
        <CountdownRing endsAt={moment.closesAt} totalMs={moment.fullMs} />
      )
    case 'yours':
    case 'declined':
      return <CountdownRing endsAt={moment.untilAt} totalMs={moment.fullMs} />
    case 'bought':
      return (
        <Tag tone="ok">
          <Check size={14} aria-hidden />
          {words(moment.paid ? 'watch.paid' : 'watch.ordered')}
        </Tag>
      )
    case 'sold_out':
      return <Tag>{words('watch.sold_out')}</Tag>
    case 'ended':
      return <Tag>{words('watch.ended')}</Tag>
    case 'elsewhere':
      return <Tag>{words('watch.elsewhere')}</Tag>
    case 'offline':
      return (
        <Tag>
          <WifiOff size={14} aria-hidden />
          {words('watch.offline')}
        </Tag>
      )
    case 'checking':
      return <Tag>{words('watch.checking_short')}</Tag>
    default:
      return null
  }
}

/** The stock line, or one line of text in its place. */
function Line({
  lot,
  moment,
  usual,
  problem,
}: {
  readonly lot: Lot
  readonly moment: Moment
  readonly usual?: ReactNode
  readonly problem?: string | null
}) {
  const words = useWords('watch')
  const formats = useFormats()
  if (problem)
    return (
      <p className="lot-text lot-text-danger" role="alert">
        {problem}
      </p>
    )
  const quota = lot.quota
  switch (moment.at) {
    case 'soon':
      return (
        <StockBar left={quota} total={quota} text={words.rich('watch.at_this_price', { n: formats.number(quota), b: bold })} />
      )
    case 'buy':
    case 'asking':
      return <StockBar left={lot.left} total={quota} paying={lot.paying} text={stockText(lot, words, formats)} />
    case 'yours':
      return <StockBar left={1} total={1} text={words('watch.reserved_for_you', { n: moment.quantity })} />
    case 'declined':
      return (
        <p className="lot-text lot-text-danger">
          {moment.card ? words('watch.declined_card', { card: moment.card }) : words('watch.declined')}
        </p>
      )
    case 'checking':
      return <p className="lot-text">{words('watch.checking')}</p>
    case 'bought':
      return (
        <p className="lot-text">
          {words(moment.full ? 'watch.limit_full' : 'watch.bought_live', { time: formats.date(moment.boughtAt, 'clock') })}
        </p>
      )
    case 'sold_out':
      return (
        <p className="lot-text">
          {lot.paying > 0
            ? words('watch.none_left_paying', { paying: formats.number(lot.paying) })
            : words('watch.none_left', { total: formats.number(quota) })}
        </p>
      )
    case 'elsewhere':
      return <p className="lot-text">{words('watch.elsewhere_line')}</p>
    case 'ended':
      return <p className="lot-text lot-links">{usual}</p>
    case 'offline':
      return <p className="lot-text">{words('watch.offline_line')}</p>
    default:
      return null
  }
}

/** When few are left, those that may come back matter more than how many there were. */
function stockText(lot: Lot, words: Words<'watch'>, formats: Formats): ReactNode {
  const left = formats.number(lot.left)
  return lot.paying > 0 && lot.left * 4 <= lot.quota
    ? words.rich('watch.left_paying', { left, paying: formats.number(lot.paying), b: bold })
    : words.rich('watch.left_of', { left, total: formats.number(lot.quota), b: bold })
}

const bold = (text: ReactNode) => <b key="b">{text}</b>

const faceOf: Readonly<Record<Moment['at'], { kind: ButtonKind; off?: true; icon?: IconOf }>> = {
  loading: { kind: 'soft', off: true },
  offline: { kind: 'outline', icon: RefreshCw },
  elsewhere: { kind: 'ink' },
  soon: { kind: 'soft', off: true },
  buy: { kind: 'signal' },
  asking: { kind: 'signal' },
  yours: { kind: 'signal' },
  declined: { kind: 'signal' },
  checking: { kind: 'soft' },
  bought: { kind: 'soft', icon: Package },
  sold_out: { kind: 'soft', off: true },
  ended: { kind: 'soft', off: true },
}

function LotButton({ moment, calm, onPress }: { readonly moment: Moment; readonly calm: boolean; readonly onPress: () => void }) {
  const face = faceOf[moment.at]
  const label = <ButtonLabel moment={moment} />
  if (moment.at === 'elsewhere')
    return (
      <a
        className="button button-ink button-l button-wide"
        href={moment.url}
        target="_blank"
        rel="noopener noreferrer"
        onClick={onPress}
      >
        <span className="button-text">{label}</span>
        <ExternalLink size={20} className="flip" aria-hidden />
      </a>
    )
  return (
    <Button
      kind={calm && face.kind === 'signal' ? 'ink' : face.kind}
      size="l"
      wide
      icon={face.icon}
      disabled={face.off}
      busy={moment.at === 'asking'}
      onPress={onPress}
      className="lot-button"
    >
      {label}
    </Button>
  )
}

function ButtonLabel({ moment }: { readonly moment: Moment }) {
  const words = useWords('watch')
  const ticking =
    moment.at === 'soon' ? moment.opensAt : moment.at === 'yours' || moment.at === 'declined' ? moment.untilAt : null
  const now = useNow(ticking === null ? null : 1000)
  const left = ticking === null ? '' : countdown(ticking - now)
  switch (moment.at) {
    case 'soon':
      return ticking === null ? words('watch.soon') : words('watch.soon_in', { time: left })
    case 'buy':
      return words('watch.buy')
    case 'asking':
      return words('watch.reserving')
    case 'yours':
    case 'declined':
      return words('watch.yours', { time: left })
    case 'checking':
      return words('watch.see_payment')
    case 'bought':
      return words('watch.order', { number: moment.number })
    case 'sold_out':
      return words('watch.sold_out')
    case 'ended':
      return words('watch.ended')
    case 'elsewhere':
      return words('watch.buy_at', { site: moment.seller })
    case 'offline':
      return words('common.try_again')
    default:
      return words('common.loading')
  }
}

/** Exactly the card's size: nothing shifts when data lands. */
export function LotSkeleton({ size = 'phone' }: { readonly size?: 'phone' | 'desktop' }) {
  const words = useWords('watch')
  return (
    <div className={cx('lot', `lot-${size}`)} role="status" aria-label={words('common.loading')}>
      <div className="lot-top">
        <div className="lot-picture">
          <Skeleton height="100%" />
        </div>
        <div className="lot-body">
          <div className="lot-head">
            <Skeleton width="60%" height="20px" />
            <Skeleton width="80%" height="12px" />
          </div>
          <div className="lot-slot">
            <Skeleton width="52px" height="52px" round />
          </div>
          <div className="lot-price">
            <Skeleton width="60%" height="28px" />
          </div>
          <div className="lot-line">
            <Skeleton height="12px" />
          </div>
        </div>
      </div>
      <Skeleton height="52px" />
    </div>
  )
}
