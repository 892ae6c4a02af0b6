import { startOffline } from '../../parts/face/offline.ts'
import { startFace } from '../../parts/face/start.tsx'
import { routes } from './routes.ts'

// The page of a show needs its own texts first; those of the shop come with what opens over it.
startFace({ routes, words: [location.pathname.startsWith('/show/') ? 'watch' : 'store', 'refusals'] })
startOffline()
