import { directionOf, type Locale } from '@efir/contract/scalars.ts'
import { format } from '@efir/words/words.ts'

/** Web App Manifest (W3C): what a phone needs to put the platform on its home screen, in the reader's language. */
export const manifestOf = (locale: Locale) => ({
  id: '/',
  name: `${format(locale, 'common.brand')} — ${format(locale, 'store.home_title')}`,
  short_name: format(locale, 'common.brand'),
  description: format(locale, 'store.site_about'),
  lang: locale,
  dir: directionOf(locale),
  start_url: '/?from=home',
  scope: '/',
  display: 'standalone',
  orientation: 'any',
  background_color: '#100e0d',
  theme_color: '#100e0d',
  categories: ['shopping', 'entertainment'],
  icons: [
    { src: '/icons/192.png', sizes: '192x192', type: 'image/png', purpose: 'any' },
    { src: '/icons/512.png', sizes: '512x512', type: 'image/png', purpose: 'any' },
    { src: '/icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
  ],
  shortcuts: [
    { name: format(locale, 'store.nav_shop'), url: '/products' },
    { name: format(locale, 'store.my_orders'), url: '/orders' },
  ],
})
