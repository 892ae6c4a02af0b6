import { Ellipsis } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { IconOf } from './Button.tsx'
import { Mark } from './Marks.tsx'
import { useMedia, useNarrow } from './media-query.ts'
import { Link, usePlace } from './router.tsx'
import { Sheet } from './Sheet.tsx'
import './Shell.css'
import { useWords } from './words.tsx'

export interface Noun {
  readonly to: string
  readonly label: string
  readonly icon: IconOf
  readonly count?: number
}

export interface ShellProps {
  readonly nouns: readonly Noun[]
  /** Shop or organisation, with its menu. */
  readonly org?: ReactNode
  /** Settings and the person, at the end of the rail. */
  readonly foot?: readonly Noun[]
  readonly footer?: ReactNode
  readonly home?: string
  readonly children: ReactNode
}

const inBar = 4

/** Rail of nouns at the side; under 820 px four nouns and More at the bottom. */
export function Shell({ nouns, org, foot = [], footer, home = '/office', children }: ShellProps) {
  const words = useWords()
  const narrow = useNarrow()
  const [more, setMore] = useState(false)
  const list = (shown: readonly Noun[], onPress?: () => void) =>
    shown.map((noun) => <NounLink key={noun.to} noun={noun} onPress={onPress} />)
  return (
    <div className="shell">
      <a className="shell-skip" href="#content">
        {words('common.skip_to_content')}
      </a>
      {narrow ? (
        <>
          <nav className="shell-bar" aria-label={words('common.main_menu')}>
            {list(nouns.slice(0, inBar))}
            <button type="button" className="noun" onClick={() => setMore(true)} aria-haspopup="dialog">
              <Ellipsis size={20} aria-hidden />
              <span>{words('common.more')}</span>
            </button>
          </nav>
          <Sheet open={more} onClose={() => setMore(false)} title={words('common.more')} height="content">
            <div className="shell-more">
              {org}
              {list([...nouns.slice(inBar), ...foot], () => setMore(false))}
              {footer}
            </div>
          </Sheet>
        </>
      ) : (
        <header className="rail">
          <Link to={home} className="rail-brand" aria-label={words('common.brand')}>
            <Mark size={24} />
            <span>{words('common.brand')}</span>
          </Link>
          {org}
          <nav className="rail-nouns" aria-label={words('common.main_menu')}>
            {list(nouns)}
          </nav>
          <div className="rail-foot">
            {list(foot)}
            {footer}
          </div>
        </header>
      )}
      <main id="content" className="shell-main" tabIndex={-1}>
        {children}
      </main>
    </div>
  )
}

function NounLink({ noun, onPress }: { readonly noun: Noun; readonly onPress?: () => void }) {
  const { path } = usePlace()
  const here = path === noun.to || path.startsWith(`${noun.to}/`)
  return (
    <Link to={noun.to} className="noun" aria-current={here ? 'page' : undefined} onClick={onPress}>
      <noun.icon size={18} aria-hidden />
      <span className="ellipsis">{noun.label}</span>
      {noun.count ? <b>{noun.count}</b> : null}
    </Link>
  )
}

export interface PageHeaderProps {
  readonly title: ReactNode
  /** Above the title: where this belongs to. */
  readonly crumb?: ReactNode
  readonly tag?: ReactNode
  readonly text?: ReactNode
  readonly actions?: ReactNode
}

export function PageHeader({ title, crumb, tag, text, actions }: PageHeaderProps) {
  return (
    <header className="page-head">
      <div className="page-head-text">
        {crumb ? <div className="page-head-crumb">{crumb}</div> : null}
        <div className="page-head-line">
          <h1>{title}</h1>
          {tag}
        </div>
        {text ? <p className="muted">{text}</p> : null}
      </div>
      {actions ? <div className="page-head-actions">{actions}</div> : null}
    </header>
  )
}

export interface SidePanelProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: string
  readonly children: ReactNode
  readonly footer?: ReactNode
}

/** Detail beside the table; under 1180 px a sheet. Stands next to the content in `.page-with-panel`. */
export function SidePanel({ open, onClose, title, children, footer }: SidePanelProps) {
  const beside = useMedia('(min-width: 1180px)')
  if (!beside)
    return (
      <Sheet open={open} onClose={onClose} title={title} footer={footer} wide="end">
        {children}
      </Sheet>
    )
  if (!open) return null
  return (
    <aside className="side-panel" aria-label={title}>
      <div className="side-panel-body">{children}</div>
      {footer ? <footer className="side-panel-foot">{footer}</footer> : null}
    </aside>
  )
}

export interface BulkBarProps {
  readonly count: number
  readonly text?: ReactNode
  readonly onClear: () => void
  readonly children: ReactNode
}

/** What can be done with the selected rows; docked under the table, never over it. */
export function BulkBar({ count, text, onClear, children }: BulkBarProps) {
  const words = useWords()
  if (count === 0) return null
  return (
    <div className="bulk" role="region" aria-label={words('common.selected', { n: count })}>
      <b aria-live="polite">{words('common.selected', { n: count })}</b>
      <span className="muted small">{text}</span>
      <span className="bulk-actions">{children}</span>
      <button type="button" className="text-link small" onClick={onClear}>
        {words('common.clear')}
      </button>
    </div>
  )
}
