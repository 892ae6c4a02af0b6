import { type Locale, locales } from '@efir/contract/scalars.ts'
import { intlTags } from '@efir/words/areas.ts'
import { format } from '@efir/words/words.ts'
import type { PageFacts } from './facts.ts'
import { dataBlock, type Html, html } from './html.ts'

/** One address for each language: the same path with `?lang=`; without it the reader's own language is chosen. */
export const inLanguage = (address: string, locale: Locale): string =>
  `${address}${address.includes('?') ? '&' : '?'}lang=${locale}`

export interface HeadOf {
  readonly origin: string
  readonly locale: Locale
  /** The language stands in the address that was asked for. */
  readonly lang: Locale | null
}

/** Everything of `<head>` that depends on the page; what stands in every page is in web/index.html. */
export function headOf(facts: PageFacts, { origin, locale, lang }: HeadOf): Html {
  const here = `${origin}${facts.path}`
  const canonical = lang ? inLanguage(here, lang) : here
  const image = facts.image ? new URL(facts.image, `${origin}/`).href : `${origin}/icons/512.png`
  const title = facts.title ? `${facts.title} · Efir` : 'Efir'
  const ours = html`<title>${title}</title>
    <meta name="description" content="${facts.description}" />
    <link rel="manifest" href="/manifest.webmanifest?lang=${locale}" />
    <meta name="apple-mobile-web-app-title" content="${format(locale, 'common.brand')}" />`
  if (facts.status !== 200 || !facts.index) return html`${ours}<meta name="robots" content="noindex" />`
  return html`${ours}
    <link rel="canonical" href="${canonical}" />
    ${locales.map((one) => html`<link rel="alternate" hreflang="${one}" href="${inLanguage(here, one)}" />`)}
    <link rel="alternate" hreflang="x-default" href="${here}" />
    <meta property="og:site_name" content="Efir" />
    <meta property="og:type" content="${facts.kind}" />
    <meta property="og:title" content="${facts.title || 'Efir'}" />
    <meta property="og:description" content="${facts.description}" />
    <meta property="og:url" content="${canonical}" />
    <meta property="og:image" content="${image}" />
    <meta property="og:locale" content="${regionTag(locale)}" />
    ${locales.filter((one) => one !== locale).map((one) => html`<meta property="og:locale:alternate" content="${regionTag(one)}" />`)}
    <meta name="twitter:card" content="${facts.image ? 'summary_large_image' : 'summary'}" />
    <meta name="twitter:title" content="${facts.title || 'Efir'}" />
    <meta name="twitter:description" content="${facts.description}" />
    <meta name="twitter:image" content="${image}" />
    <script type="application/ld+json">${dataBlock({ '@context': 'https://schema.org', '@graph': facts.graph })}</script>`
}

/** Open Graph wants language_TERRITORY. */
function regionTag(locale: Locale): string {
  const tag = new Intl.Locale(intlTags[locale]).maximize()
  return `${tag.language}_${tag.region}`
}
