import { lazyPage } from '../../ui/lazy-page.ts'
import type { Route } from '../../ui/router.tsx'

export const routes: readonly Route[] = [{ path: '/office', page: lazyPage(() => import('./HomePage.tsx'), 'HomePage') }]
