import { lazyPage } from '../../ui/lazy-page.ts'
import type { Route } from '../../ui/router.tsx'
import { OfficePage } from './frame/OfficePage.tsx'

export const routes: readonly Route[] = [
  { path: '/office/set-up', page: lazyPage(() => import('./frame/SetUpPage.tsx'), 'SetUpPage') },
  { path: '/office/invitation/:secret', page: lazyPage(() => import('./frame/InvitationPage.tsx'), 'InvitationPage') },
  // One frame around all nouns: going from one to another changes only what is inside it.
  { path: '/office/*', page: OfficePage },
]
