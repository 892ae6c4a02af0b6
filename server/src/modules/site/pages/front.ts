import * as contract from '@efir/contract/shows.ts'
import { format } from '@efir/words/words.ts'
import type { Ctx } from '../../../kernel/context.ts'
import { findProducts } from '../../catalog/views.ts'
import { storefront } from '../../shows/views.ts'
import { imageAt, type PageFacts, seed } from '../facts.ts'
import { section } from '../frame.ts'
import { html } from '../html.ts'
import { productCards, showCards } from './cards.ts'

export async function homeFacts(ctx: Ctx, origin: string): Promise<PageFacts> {
  const front = await storefront(ctx, {})
  const products = await findProducts(ctx, { limit: 12 })
  const { locale } = ctx
  const [first, ...others] = showCards(front.live, locale)
  return {
    status: 200,
    title: format(locale, 'store.home_title'),
    description: format(locale, 'store.site_about'),
    path: '/',
    image: imageAt(front.live[0]?.coverWide, 1280),
    kind: 'website',
    graph: [
      {
        '@type': 'WebSite',
        '@id': `${origin}/#site`,
        name: 'Efir',
        url: `${origin}/`,
        inLanguage: locale,
        potentialAction: {
          '@type': 'SearchAction',
          target: { '@type': 'EntryPoint', urlTemplate: `${origin}/products?q={search_term_string}` },
          'query-input': 'required name=search_term_string',
        },
      },
    ],
    body: html`<main class="first-main"><h1 class="hidden-text">${format(locale, 'store.home_title')}</h1>
      ${section(format(locale, 'store.on_air'), first ? [{ ...first, first: true }, ...others] : [], 'tall')}
      ${section(format(locale, 'store.soon'), showCards(front.soon.slice(0, 8), locale), 'wide')}
      ${section(format(locale, 'store.replays'), showCards(front.replays, locale), 'wide')}
      ${section(format(locale, 'store.products'), productCards(products.items, locale), 'square')}
      ${section(
        format(locale, 'store.hosts'),
        front.hosts.map((host) => ({
          href: `/host/${host.id}`,
          title: host.name,
          note: format(locale, 'store.host_numbers', { shows: host.shows, followers: host.followers }),
          picture: host.picture,
        })),
        'square',
      )}</main>`,
    index: true,
    seeds: [seed(contract.storefront, {}, front)],
    page: 'src/faces/watch/HomePage.tsx',
    words: ['common', 'store', 'watch', 'refusals'],
    keepSeconds: 15,
  }
}

export async function productsFacts(ctx: Ctx): Promise<PageFacts> {
  const { items } = await findProducts(ctx, { limit: 48 })
  const { locale } = ctx
  return {
    status: 200,
    title: format(locale, 'store.products'),
    description: format(locale, 'store.site_about'),
    path: '/products',
    image: imageAt(items[0]?.picture?.base, 1280),
    kind: 'website',
    graph: [],
    body: html`<main class="first-main"><h1>${format(locale, 'store.products')}</h1>
      ${section(format(locale, 'store.all'), productCards(items, locale), 'square')}</main>`,
    index: true,
    seeds: [],
    page: 'src/faces/watch/ProductsPage.tsx',
    words: ['common', 'store', 'refusals'],
    keepSeconds: 30,
  }
}
