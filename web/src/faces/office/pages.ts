import { lazyPage } from '../../ui/lazy-page.ts'
import type { Route } from '../../ui/router.tsx'

/** What stands inside the frame. */
export const pages: readonly Route[] = [
  { path: '/office/today', page: lazyPage(() => import('./today/TodayPage.tsx'), 'TodayPage') },
  { path: '/office/shows', page: lazyPage(() => import('./shows/ShowsPage.tsx'), 'ShowsPage') },
  { path: '/office/shows/:showId', page: lazyPage(() => import('./shows/ShowPage.tsx'), 'ShowPage') },
  { path: '/office/orders', page: lazyPage(() => import('./orders/OrdersPage.tsx'), 'OrdersPage') },
  { path: '/office/packing', page: lazyPage(() => import('./orders/PackingPage.tsx'), 'PackingPage') },
  { path: '/office/products', page: lazyPage(() => import('./products/ProductsPage.tsx'), 'ProductsPage') },
  { path: '/office/products/:productId', page: lazyPage(() => import('./products/ProductPage.tsx'), 'ProductPage') },
  { path: '/office/stock', page: lazyPage(() => import('./stock/StockPage.tsx'), 'StockPage') },
  { path: '/office/people', page: lazyPage(() => import('./people/PeoplePage.tsx'), 'PeoplePage') },
  { path: '/office/payouts', page: lazyPage(() => import('./payouts/PayoutsPage.tsx'), 'PayoutsPage') },
  { path: '/office/settings', page: lazyPage(() => import('./settings/SettingsPage.tsx'), 'SettingsPage') },
  { path: '/office/developers', page: lazyPage(() => import('./developers/DevelopersPage.tsx'), 'DevelopersPage') },
  { path: '/office/platform', page: lazyPage(() => import('./platform/PlatformPage.tsx'), 'PlatformPage') },
]
