import { startFace } from '../../parts/face/start.tsx'
import { routes } from './routes.ts'

startFace({ routes, words: ['store', 'refusals'] })
