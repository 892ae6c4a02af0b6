import type { PictureWidth } from '@efir/contract/pictures.ts'
import { type Locale, locales } from '@efir/contract/scalars.ts'
import { localeNames } from '@efir/words/areas.ts'
import { format } from '@efir/words/words.ts'
import { imageAt, imageSet, type PageFacts } from './facts.ts'
import { dataBlock, type Html, html } from './html.ts'

/** What stands around the content of every page until the app takes over, and for ever where no scripts run. */
export function framed(locale: Locale, { path, body, seeds }: PageFacts): string {
  const say = (key: Parameters<typeof format>[1]) => format(locale, key)
  return html`<header class="first-head">
      <a class="first-brand" href="/">${say('common.brand')}</a>
      <nav aria-label="${say('common.main_menu')}"><a href="/">${say('store.nav_shows')}</a><a href="/products">${say('store.nav_shop')}</a></nav>
    </header>
    ${body}
    <footer class="first-foot">
      <noscript><p>${say('store.needs_script')}</p></noscript>
      <ul>${locales.map((one) => html`<li><a href="${path}?lang=${one}" hreflang="${one}" lang="${one}">${localeNames[one]}</a></li>`)}</ul>
    </footer>
    ${seeds.length > 0 ? html`<script type="application/json" id="efir-seeds">${dataBlock(seeds)}</script>` : null}`.text
}

export interface Shown {
  readonly picture: string | undefined
  readonly alt: string
  readonly width: PictureWidth
  readonly sizes: string
  readonly className: string
  /** The largest thing on the screen: asked for before anything else. */
  readonly first?: boolean
}

export function image({ picture, alt, width, sizes, className, first }: Shown): Html | null {
  const src = imageAt(picture, width)
  if (!src) return null
  const set = imageSet(picture)
  return html`<img class="${className}" src="${src}" ${set ? html`srcset="${set}" sizes="${sizes}"` : null} alt="${alt}" ${first ? html`fetchpriority="high"` : html`loading="lazy"`} decoding="async" />`
}

export interface Card {
  readonly href: string
  readonly title: string
  readonly note: string
  readonly picture?: string | undefined
  readonly first?: boolean
}

export const section = (title: string, cards: readonly Card[], look: 'tall' | 'wide' | 'square'): Html | null =>
  cards.length === 0
    ? null
    : html`<section class="first-section"><h2>${title}</h2><ul class="first-cards first-${look}">${cards.map(
        (card) =>
          html`<li><a href="${card.href}">${
            image({
              picture: card.picture,
              alt: '',
              width: 640,
              sizes: '(max-width: 620px) 92vw, 320px',
              className: 'first-picture',
              ...(card.first ? { first: true } : {}),
            }) ?? html`<span class="first-picture"></span>`
          }<b><bdi>${card.title}</bdi></b><small>${card.note}</small></a></li>`,
      )}</ul></section>`
