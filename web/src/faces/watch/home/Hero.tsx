import type { Out } from '@efir/contract/act.ts'
import { shelf } from '@efir/contract/lots.ts'
import { chatGlimpse } from '@efir/contract/room.ts'
import { textIn } from '@efir/contract/scalars.ts'
import { useView } from '../../../net/query.ts'
import { Shot } from '../../../parts/catalog/Shot.tsx'
import { hostsLine, type Show } from '../../../parts/shows/Cards.tsx'
import { imageSet, imageUrl } from '../../../parts/shows/cover.ts'
import { useNow } from '../../../ui/clock.ts'
import { isolate } from '../../../ui/isolate.ts'
import { Avatar, LiveBadge } from '../../../ui/Marks.tsx'
import { useMedia } from '../../../ui/media-query.ts'
import { Link } from '../../../ui/router.tsx'
import { CountdownRing, Price, StockBar } from '../../../ui/Sale.tsx'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import './Hero.css'
import { LivePreview } from './LivePreview.tsx'

type Shelf = Out<typeof shelf>
type Lot = Shelf['lots'][number]
const shelfMs = 10_000
const chatMs = 6_000

/** The show with the most viewers: its moving picture, its host, what is in the hand and what else there is, and the talk. */
export function Hero({ show }: { readonly show: Show }) {
  const words = useWords('store', 'watch')
  const { locale } = useLanguage()
  const wide = useMedia('(min-width: 700px)')
  const desk = useMedia('(min-width: 1100px)')
  const view = useView(shelf, { showId: show.id }, { everyMs: shelfMs }).value
  const cover = wide ? imageUrl(show.coverWide ?? show.cover, 320) : undefined
  const portrait = imageUrl(show.cover, 640)
  const host = show.hosts[0]
  const held = view ? inHand(view) : null
  return (
    <Link to={`/show/${show.id}`} className="hero">
      {cover ? <img className="hero-room" src={cover} alt="" /> : null}
      <span className="hero-picture">
        {portrait ? (
          <img
            className="hero-still"
            src={portrait}
            srcSet={imageSet(show.cover)}
            sizes="(max-width: 620px) 92vw, 320px"
            alt=""
            fetchPriority="high"
          />
        ) : null}
        <LivePreview showId={show.id} />
        <span className="hero-top">
          <LiveBadge viewers={show.viewers} />
        </span>
      </span>
      <span className="hero-middle">
        <span className="hero-text">
          {wide && host ? <Avatar name={host.name} src={imageUrl(host.picture, 160)} size={48} /> : null}
          <span>
            <b>
              <bdi>{textIn(show.title, locale)}</bdi>
            </b>
            <span className="hero-host">
              {words('store.host_for_shop', { host: isolate(hostsLine(show)), shop: isolate(show.shopName) })}
              {show.lots > 0 ? ` · ${words('store.lots', { n: show.lots })}` : null}
            </span>
          </span>
        </span>
        {wide ? (
          <span className="hero-about">
            <bdi>{textIn(show.about, locale)}</bdi>
          </span>
        ) : null}
        {held ? <HeroLot lot={held} /> : null}
        {wide && view ? <OtherLots lots={view.lots} except={held?.id} /> : null}
        {wide ? <span className="button button-signal button-l hero-go">{words('store.watch_and_buy')}</span> : null}
      </span>
      {desk ? <HeroChat showId={show.id} /> : null}
    </Link>
  )
}

/** The pinned lot; between two of them the next one that will open. */
function inHand({ lots, pins }: Shelf): Lot | null {
  const pin = pins.find((one) => one.endAt === undefined && one.slot === 'primary')
  return lots.find((lot) => lot.id === pin?.lotId) ?? lots.find((lot) => lot.state === 'open') ?? null
}

function HeroLot({ lot }: { readonly lot: Lot }) {
  const words = useWords('store', 'watch')
  const formats = useFormats()
  const { locale } = useLanguage()
  const now = useNow(1000)
  const open = lot.state === 'open' || (lot.state === 'counting' && lot.opensAt !== undefined && lot.opensAt <= now)
  const endsAt = open ? lot.closesAt : lot.state === 'counting' ? lot.opensAt : undefined
  return (
    <span className="hero-lot">
      <span className="hero-lot-picture">
        <Shot base={lot.picture} alt="" sizes="112px" />
      </span>
      <span className="hero-lot-text">
        <b>
          <bdi>{textIn(lot.title, locale)}</bdi>
        </b>
        <Price
          price={lot.price}
          before={lot.reference?.price}
          basis={lot.reference ? words(`watch.basis_${lot.reference.basis}`) : null}
        />
        {lot.link ? (
          <small>
            <bdi>{lot.link.seller}</bdi>
          </small>
        ) : (
          <StockBar
            left={lot.left}
            total={lot.quota}
            paying={lot.paying}
            text={words('common.stock_left', { left: formats.number(lot.left), total: formats.number(lot.quota) })}
          />
        )}
      </span>
      {endsAt !== undefined && endsAt > now ? (
        <CountdownRing
          endsAt={endsAt}
          totalMs={open ? endsAt - (lot.opensAt ?? endsAt - 60_000) : 15_000}
          tone={open ? 'signal' : 'ink'}
        />
      ) : null}
    </span>
  )
}

const mostOthers = 4

function OtherLots({ lots, except }: { readonly lots: readonly Lot[]; readonly except: string | undefined }) {
  const words = useWords('watch')
  const formats = useFormats()
  const { locale } = useLanguage()
  const others = lots.filter((lot) => lot.id !== except && lot.state !== 'revoked').slice(0, mostOthers)
  if (others.length === 0) return null
  return (
    <span className="hero-others">
      <span className="hidden-text">{words('watch.shelf')}</span>
      {others.map((lot) => (
        <span key={lot.id} className="hero-other">
          <span className="hero-other-picture">
            <Shot base={lot.picture} alt="" sizes="48px" />
          </span>
          <span>
            <bdi>{textIn(lot.title, locale)}</bdi>
            <b>{formats.price(lot.price)}</b>
          </span>
        </span>
      ))}
    </span>
  )
}

/** What is said now. Reading along from outside is no watching: nobody is counted by it. */
function HeroChat({ showId }: { readonly showId: string }) {
  const words = useWords('watch')
  const lines = useView(chatGlimpse, { showId }, { everyMs: chatMs }).value?.lines ?? []
  return (
    <span className="hero-chat">
      <b className="hero-chat-title">{words('watch.chat')}</b>
      <span className="hero-chat-lines">
        {lines.map((line) => (
          <span key={line.id} className={line.mark ? 'hero-line hero-line-marked' : 'hero-line'}>
            <b>
              <bdi>{line.name}</bdi>
            </b>{' '}
            <bdi dir="auto">{line.text}</bdi>
          </span>
        ))}
      </span>
    </span>
  )
}
