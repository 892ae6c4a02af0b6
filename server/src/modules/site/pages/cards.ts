import type { Out } from '@efir/contract/act.ts'
import type { findProducts } from '@efir/contract/catalog.ts'
import { type Locale, textIn } from '@efir/contract/scalars.ts'
import type { storefront } from '@efir/contract/shows.ts'
import { formatsFor } from '@efir/words/formats.ts'
import type { Card } from '../frame.ts'
import { lineOf } from './show.ts'

type Show = Out<typeof storefront>['live'][number]
type Product = Out<typeof findProducts>['items'][number]

export const showCards = (shows: readonly Show[], locale: Locale): Card[] =>
  shows.map((show) => ({
    href: `/show/${show.id}`,
    title: textIn(show.title, locale),
    note: lineOf(show, locale),
    picture: show.state === 'live' || show.state === 'paused' ? show.cover : (show.coverWide ?? show.cover),
  }))

export const productCards = (products: readonly Product[], locale: Locale): Card[] =>
  products.map((product) => ({
    href: `/product/${product.id}`,
    title: textIn(product.title, locale),
    note: [product.brand, product.price ? formatsFor(locale).price(product.price) : ''].filter(Boolean).join(' · '),
    picture: product.picture?.base,
  }))
