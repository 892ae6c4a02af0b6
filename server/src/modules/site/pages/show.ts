import type { Out } from '@efir/contract/act.ts'
import * as lotsContract from '@efir/contract/lots.ts'
import { decimalsOf } from '@efir/contract/money.ts'
import { type Locale, textIn } from '@efir/contract/scalars.ts'
import * as contract from '@efir/contract/shows.ts'
import { formatsFor, majorText } from '@efir/words/formats.ts'
import { format } from '@efir/words/words.ts'
import type { Ctx } from '../../../kernel/context.ts'
import { shelf } from '../../lots/views.ts'
import { showPage } from '../../shows/views.ts'
import { imageAt, type PageFacts, seed, shortened } from '../facts.ts'
import { image, section } from '../frame.ts'
import { html } from '../html.ts'
import { organization, person } from '../schema.ts'

type ShowPage = Out<typeof contract.showPage>
type Show = ShowPage['show']
type Lot = Out<typeof lotsContract.shelf>['lots'][number]

const gone = new Set<Show['state']>(['archived', 'cancelled'])
export const isoOf = (at: number): string => new Date(at).toISOString()

export async function showFacts(ctx: Ctx, origin: string, showId: string): Promise<PageFacts> {
  const input = { showId }
  const page = await showPage(ctx, input)
  const { show } = page
  const seeded = !gone.has(show.state) && show.visibility === 'public'
  const shelved = gone.has(show.state) ? null : await shelf(ctx, input)
  const lots = shelved?.lots ?? []
  const { locale } = ctx
  const open = show.visibility === 'public'
  const title = textIn(show.title, locale)
  return {
    status: gone.has(show.state) ? 410 : 200,
    title,
    description: shortened(textIn(show.about, locale) || lineOf(show, locale)),
    path: `/show/${show.id}`,
    image: imageAt(show.coverWide ?? show.cover, 1280),
    kind: 'video.other',
    graph: graphOf(page, lots, origin, locale),
    body: bodyOf(show, lots, locale),
    index: open,
    // The playback of a show that is not public is signed for who asks.
    seeds: seeded && shelved ? [seed(contract.showPage, input, page), seed(lotsContract.shelf, input, shelved)] : [],
    page: 'src/faces/watch/show/WatchPage.tsx',
    words: ['common', 'watch', 'refusals'],
    keepSeconds: open ? 15 : 0,
  }
}

/** Who, for whom, when: what is said of a show that says nothing of itself. */
export function lineOf(show: Show, locale: Locale): string {
  const host = formatsFor(locale).list(show.hosts.map((one) => one.name))
  const who = host ? format(locale, 'store.host_for_shop', { host, shop: show.shopName }) : show.shopName
  return [who, whenOf(show, locale)].filter(Boolean).join(' · ')
}
export function whenOf(show: Show, locale: Locale): string {
  if (show.state === 'live' || show.state === 'paused') return format(locale, 'common.live')
  const at = show.state === 'scheduled' ? show.startsAt : show.startedAt
  return at === undefined ? '' : `${formatsFor(locale, 'UTC').date(at, 'dateTime')} UTC`
}

function bodyOf(show: Show, lots: readonly Lot[], locale: Locale) {
  const { price } = formatsFor(locale)
  const at = show.state === 'scheduled' ? show.startsAt : show.startedAt
  const when = whenOf(show, locale)
  const about = textIn(show.about, locale)
  return html`<main class="first-show"><div class="first-stage">
      ${image({ picture: show.cover, alt: '', width: 640, sizes: '(min-width: 1000px) 560px, 100vw', className: 'first-cover', first: true })}
      <div class="first-over"><p>${at === undefined ? when : html`<time datetime="${isoOf(at)}">${when}</time>`}</p>
        <h1><bdi>${textIn(show.title, locale)}</bdi></h1>
        <p>${show.hosts.map((host) => html`<a href="/host/${host.id}"><bdi>${host.name}</bdi></a> `)}<a href="/shop/${show.shopSlug}"><bdi>${show.shopName}</bdi></a></p></div>
    </div>
    <div class="first-text">${about ? html`<p><bdi>${about}</bdi></p>` : null}
    ${section(
      format(locale, 'watch.shelf'),
      lots.map((lot) => ({
        href: lot.productId ? `/product/${lot.productId}` : `/show/${show.id}`,
        title: textIn(lot.title, locale),
        note: price(lot.price),
        picture: lot.picture,
      })),
      'square',
    )}</div></main>`
}

/** BroadcastEvent for the show, VideoObject for what can be watched, live or again. */
function graphOf({ show, playback }: ShowPage, lots: readonly Lot[], origin: string, locale: Locale): object[] {
  const url = `${origin}/show/${show.id}`
  const name = textIn(show.title, locale)
  const description = shortened(textIn(show.about, locale) || lineOf(show, locale), 1000)
  const images = [show.coverWide, show.cover].flatMap((one) => imageAt(one, 1280) ?? []).map((path) => new URL(path, origin).href)
  const startAt = show.startedAt ?? show.startsAt
  const endAt = show.endedAt ?? (startAt === undefined ? undefined : startAt + show.plannedMinutes * 60_000)
  const live = show.state === 'live' || show.state === 'paused'
  const broadcast = {
    '@type': 'BroadcastEvent',
    '@id': `${url}#broadcast`,
    name,
    description,
    url,
    image: images,
    isLiveBroadcast: true,
    inLanguage: show.languages,
    ...(startAt === undefined ? {} : { startDate: isoOf(startAt) }),
    ...(endAt === undefined ? {} : { endDate: isoOf(endAt) }),
    eventStatus: 'https://schema.org/EventScheduled',
    eventAttendanceMode: 'https://schema.org/OnlineEventAttendanceMode',
    location: { '@type': 'VirtualLocation', url },
    organizer: organization({ name: show.shopName, slug: show.shopSlug }, origin),
    performer: show.hosts.map((host) => person(host, origin)),
    ...(lots.length > 0 ? { offers: lots.slice(0, 50).map((lot) => offerOf(lot, url, locale)) } : {}),
  }
  if (!live && playback.replayUrl === undefined) return [broadcast]
  const video = {
    '@type': 'VideoObject',
    '@id': `${url}#video`,
    name,
    description,
    url,
    thumbnailUrl: images.length > 0 ? images : [`${origin}/icons/512.png`],
    ...(startAt === undefined ? {} : { uploadDate: isoOf(startAt) }),
    ...(playback.replayUrl ? { contentUrl: new URL(playback.replayUrl, origin).href } : {}),
    ...(playback.replayDurationMs ? { duration: `PT${Math.round(playback.replayDurationMs / 1000)}S` } : {}),
    interactionStatistic: {
      '@type': 'InteractionCounter',
      interactionType: { '@type': 'WatchAction' },
      userInteractionCount: show.viewers,
    },
    publication: { '@id': `${url}#broadcast` },
  }
  return [broadcast, video]
}

const offerOf = (lot: Lot, url: string, locale: Locale) => ({
  '@type': 'Offer',
  name: textIn(lot.title, locale),
  url,
  price: majorText(lot.price.amount, decimalsOf(lot.price.currency)),
  priceCurrency: lot.price.currency,
})
