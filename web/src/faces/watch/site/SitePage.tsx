import { type ReactNode, useEffect } from 'react'
import { OfflineBanner } from '../../../parts/face/problem.tsx'
import { useWords } from '../../../ui/words.tsx'
import { SiteHeader } from './SiteHeader.tsx'
import './SitePage.css'

export interface SitePageProps {
  /** Of the tab; with `quiet` also the heading that is only heard, where the content brings none. */
  readonly title: string
  readonly quiet?: boolean
  readonly narrow?: boolean
  readonly children: ReactNode
}

/** A page of the shop: header, content, footer. */
export function SitePage({ title, quiet, narrow, children }: SitePageProps) {
  const words = useWords('store')
  useEffect(() => {
    document.title = title ? `${title} · Efir` : 'Efir'
  }, [title])
  return (
    <div className="site">
      <SiteHeader />
      <main id="content" className={narrow ? 'site-main site-narrow' : 'site-main'} tabIndex={-1}>
        <OfflineBanner />
        {quiet ? <h1 className="hidden-text">{title}</h1> : null}
        {children}
      </main>
      <footer className="site-footer">
        <p>{words('store.honest')}</p>
        <p>{words('store.open_source')}</p>
      </footer>
    </div>
  )
}

export function Section({
  title,
  note,
  end,
  children,
  id,
}: {
  readonly title: ReactNode
  readonly note?: ReactNode
  readonly end?: ReactNode
  readonly children: ReactNode
  readonly id: string
}) {
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
