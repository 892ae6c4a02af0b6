import { type ReactNode, StrictMode, Suspense, useState } from 'react'
import { createRoot } from 'react-dom/client'
import { startTheme } from '../theme.ts'
import { WordsProvider } from '../words.tsx'
import { Controls } from './Controls.tsx'
import { Fields } from './Fields.tsx'
import { TableSample } from './TableSample.tsx'
import './gallery.css'
import { Overlays } from './Overlays.tsx'

/** Every part of the interface on one page, to look at: `/gallery.html?lang=ar&part=table&theme=light`. Not built. */
const parts: Readonly<Record<string, () => ReactNode>> = {
  controls: Controls,
  fields: Fields,
  overlays: Overlays,
  table: TableSample,
}

function Gallery() {
  const query = new URLSearchParams(location.search)
  const [part] = useState(query.get('part') ?? 'controls')
  const theme = query.get('theme')
  if (theme) document.documentElement.dataset.theme = theme
  const Part = parts[part] ?? Controls
  return <Part />
}

startTheme()
const root = document.getElementById('root')
if (root)
  createRoot(root).render(
    <StrictMode>
      <WordsProvider>
        <Suspense fallback={null}>
          <Gallery />
        </Suspense>
      </WordsProvider>
    </StrictMode>,
  )
