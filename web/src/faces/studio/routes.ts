import { lazyPage } from '../../ui/lazy-page.ts'
import type { Route } from '../../ui/router.tsx'

export const routes: readonly Route[] = [
  { path: '/studio', page: lazyPage(() => import('./ShowsPage.tsx'), 'ShowsPage') },
  { path: '/studio/new', page: lazyPage(() => import('./NewShowPage.tsx'), 'NewShowPage') },
  { path: '/studio/show/:showId', page: lazyPage(() => import('./ShowPage.tsx'), 'ShowPage') },
]
