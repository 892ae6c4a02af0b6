import * as identity from '@efir/contract/identity.ts'
import { textIn } from '@efir/contract/scalars.ts'
import * as contract from '@efir/contract/shows.ts'
import { format } from '@efir/words/words.ts'
import type { Ctx } from '../../../kernel/context.ts'
import { findProducts } from '../../catalog/views.ts'
import { shopPage } from '../../identity/views.ts'
import { hostPage, storefront } from '../../shows/views.ts'
import { imageAt, type PageFacts, seed, shortened } from '../facts.ts'
import { image, section } from '../frame.ts'
import { type Html, html } from '../html.ts'
import { organization, person } from '../schema.ts'
import { productCards, showCards } from './cards.ts'

const about = (name: string, picture: string | undefined, text: string): Html => html`<header class="first-who">
    ${image({ picture, alt: '', width: 160, sizes: '72px', className: 'first-face' })}
    <div><h1><bdi>${name}</bdi></h1>${text ? html`<p><bdi>${text}</bdi></p>` : null}</div></header>`

export async function hostFacts(ctx: Ctx, origin: string, hostId: string): Promise<PageFacts> {
  const input = { hostId }
  const value = await hostPage(ctx, input)
  const { host, shows } = value
  const { locale } = ctx
  const bio = textIn(host.bio, locale)
  const path = `/host/${host.id}`
  const of = (states: readonly string[]) =>
    showCards(
      shows.filter((show) => states.includes(show.state)),
      locale,
    )
  return {
    status: 200,
    title: host.name,
    description: shortened(bio || `${host.name} · ${format(locale, 'store.shows_count', { n: shows.length })}`),
    path,
    image: imageAt(host.picture, 640),
    kind: 'profile',
    graph: [
      {
        '@type': 'ProfilePage',
        '@id': `${origin}${path}#page`,
        url: `${origin}${path}`,
        mainEntity: {
          ...person(host, origin),
          ...(bio ? { description: shortened(bio, 1000) } : {}),
          interactionStatistic: {
            '@type': 'InteractionCounter',
            interactionType: { '@type': 'FollowAction' },
            userInteractionCount: host.followers,
          },
        },
      },
    ],
    body: html`<main class="first-main">${about(host.name, host.picture, bio)}
      ${section(format(locale, 'store.on_air'), of(['live', 'paused']), 'tall')}
      ${section(format(locale, 'store.soon'), of(['scheduled']), 'wide')}
      ${section(format(locale, 'store.replays'), of(['replay']), 'wide')}</main>`,
    index: true,
    seeds: [seed(contract.hostPage, input, value)],
    page: 'src/faces/watch/HostPage.tsx',
    words: ['common', 'store', 'refusals'],
    keepSeconds: 30,
  }
}

export async function shopFaceFacts(ctx: Ctx, origin: string, slug: string): Promise<PageFacts> {
  const shop = await shopPage(ctx, { slug })
  const front = await storefront(ctx, { shopId: shop.id })
  const products = await findProducts(ctx, { shopId: shop.id, limit: 24 })
  const { locale } = ctx
  const text = textIn(shop.about, locale)
  const path = `/shop/${shop.slug}`
  return {
    status: 200,
    title: shop.name,
    description: shortened(text || shop.name),
    path,
    image: imageAt(shop.banner ?? shop.logo, 1280),
    kind: 'website',
    graph: [
      {
        ...organization(shop, origin),
        '@id': `${origin}${path}#shop`,
        ...(text ? { description: shortened(text, 1000) } : {}),
        address: { '@type': 'PostalAddress', addressCountry: shop.country },
      },
    ],
    body: html`<main class="first-main">${about(shop.name, shop.logo, text)}
      ${section(format(locale, 'store.on_air'), showCards(front.live, locale), 'tall')}
      ${section(format(locale, 'store.soon'), showCards(front.soon, locale), 'wide')}
      ${section(format(locale, 'store.products'), productCards(products.items, locale), 'square')}
      ${section(format(locale, 'store.replays'), showCards(front.replays, locale), 'wide')}</main>`,
    index: true,
    seeds: [seed(identity.shopPage, { slug }, shop), seed(contract.storefront, { shopId: shop.id }, front)],
    page: 'src/faces/watch/ShopPage.tsx',
    words: ['common', 'store', 'refusals'],
    keepSeconds: 30,
  }
}
