import { lazyPage } from '../../ui/lazy-page.ts'
import type { Route } from '../../ui/router.tsx'

/** Every page is a chunk of its own, so that the watch page carries nothing of the shop before the picture. */
export const routes: readonly Route[] = [{ path: '/', page: lazyPage(() => import('./HomePage.tsx'), 'HomePage') }]
