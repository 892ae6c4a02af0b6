import { lazyPage } from '../../ui/lazy-page.ts'
import type { Route } from '../../ui/router.tsx'

/** Every page is a chunk of its own, so that the watch page carries nothing of the shop before the picture. */
export const routes: readonly Route[] = [
  { path: '/', page: lazyPage(() => import('./HomePage.tsx'), 'HomePage') },
  { path: '/show/:showId', page: lazyPage(() => import('./show/WatchPage.tsx'), 'WatchPage') },
  { path: '/products', page: lazyPage(() => import('./ProductsPage.tsx'), 'ProductsPage') },
  { path: '/product/:id', page: lazyPage(() => import('./ProductPage.tsx'), 'ProductPage') },
  { path: '/shop/:slug', page: lazyPage(() => import('./ShopPage.tsx'), 'ShopPage') },
  { path: '/host/:id', page: lazyPage(() => import('./HostPage.tsx'), 'HostPage') },
  { path: '/bag', page: lazyPage(() => import('./BagPage.tsx'), 'BagPage') },
  { path: '/orders', page: lazyPage(() => import('./OrdersPage.tsx'), 'OrdersPage') },
  { path: '/order/:number', page: lazyPage(() => import('./OrderPage.tsx'), 'OrderPage') },
  { path: '/invitation/:secret', page: lazyPage(() => import('./InvitationPage.tsx'), 'InvitationPage') },
  { path: '/notifications', page: lazyPage(() => import('./NotificationsPage.tsx'), 'NotificationsPage') },
  { path: '/developers', page: lazyPage(() => import('./developers/ReferencePage.tsx'), 'ReferencePage') },
  { path: '/account', page: lazyPage(() => import('./AccountPage.tsx'), 'AccountPage') },
  { path: '/sign-in', page: lazyPage(() => import('./SignInPage.tsx'), 'SignInPage') },
  { path: '*', page: lazyPage(() => import('./MissingPage.tsx'), 'MissingPage') },
]
