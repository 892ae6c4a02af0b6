import type { Area } from '@efir/words/areas.ts'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode, Suspense, useLayoutEffect } from 'react'
import { createRoot } from 'react-dom/client'
import { serverNow } from '../../net/clock.ts'
import { plant, queries } from '../../net/query.ts'
import { setClock } from '../../ui/clock.ts'
import { ErrorBoundary } from '../../ui/ErrorBoundary.tsx'
import { type Route, Router } from '../../ui/router.tsx'
import { startTheme } from '../../ui/theme.ts'
import { preloadWords, startLocale, WordsProvider } from '../../ui/words.tsx'
import { startSession } from '../identity/session.ts'
import { MissingPage } from './MissingPage.tsx'

export interface Face {
  readonly routes: readonly Route[]
  /** Areas of texts that the first page needs: loaded beside its code. */
  readonly words: readonly Area[]
}

/** Views that the server wrote into the page. */
function plantSeeds(): void {
  const text = document.getElementById('efir-seeds')?.textContent
  if (text) plant(JSON.parse(text))
}

/** Stands beside the first page and is committed with it: what the server wrote gives way in the same frame, so that nothing jumps. */
function Arrived() {
  useLayoutEffect(() => document.getElementById('first')?.remove(), [])
  return null
}

/** Starts an entry: texts, cache, clock, router. */
export function startFace({ routes, words }: Face): void {
  startTheme()
  setClock(serverNow)
  startSession()
  plantSeeds()
  // What it watches is kept by the browser until it comes.
  addEventListener('load', () => void import('../../net/vitals.ts').then(({ startVitals }) => startVitals()), { once: true })
  void preloadWords(startLocale(), ['common', ...words])
  const root = document.getElementById('root')
  if (!root) throw new Error('the page has a #root')
  createRoot(root).render(
    <StrictMode>
      <WordsProvider>
        <QueryClientProvider client={queries}>
          <Suspense fallback={null}>
            <ErrorBoundary onBroken={() => document.getElementById('first')?.remove()}>
              <Suspense fallback={null}>
                <Router routes={routes} missing={MissingPage} />
                <Arrived />
              </Suspense>
            </ErrorBoundary>
          </Suspense>
        </QueryClientProvider>
      </WordsProvider>
    </StrictMode>,
  )
}
