import { type ReactNode, useEffect } from 'react'
import { OfflineBanner } from '../../../parts/face/problem.tsx'
import { useWords } from '../../../ui/words.tsx'
import { SiteHeader } from './SiteHeader.tsx'
import './SitePage.css'

/** A page of the shop: header, content, footer. */
export function SitePage({ title, children, narrow }: { readonly title: string; readonly children: ReactNode; readonly narrow?: boolean }) {
  const words = useWords('store')
  useEffect(() => {
    document.title = title ? `${title} · Efir` : 'Efir'
  }, [title])
  return (
    <div className="site">
      <SiteHeader />
      <main id="content" className={narrow ? 'site-main site-narrow' : 'site-main'} tabIndex={-1}>
        <OfflineBanner />
        {children}
      </main>
      <footer className="site-footer">
        <p>{words('store.honest')}</p>
        <p>{words('store.open_source')}</p>
      </footer>
    </div>
  )
}

export function Section({ title, note, end, children, id }: { readonly title: ReactNode; readonly note?: ReactNode; readonly end?: ReactNode; readonly children: ReactNode; readonly id: string }) {
  return (
    <section className="site-section" aria-labelledby={id}>
      <header className="site-section-head">
        <h2 id={id}>{title}</h2>
        {note ? <p className="muted">{note}</p> : null}
        {end ? <div className="site-section-end">{end}</div> : null}
      </header>
      {children}
    </section>
  )
}
