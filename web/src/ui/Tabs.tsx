import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react'
import { cx } from './cx.ts'
import { Link } from './router.tsx'
import './Tabs.css'

export interface Tab<V extends string = string> {
  readonly id: V
  readonly label: ReactNode
  /** After the label; `warn` marks a number that someone should look at. */
  readonly count?: ReactNode
  readonly warn?: boolean
  /** Makes the tab an address of its own: saved views, parts of a page. */
  readonly to?: string
}

export interface TabsProps<V extends string> {
  readonly label: string
  readonly tabs: readonly Tab<V>[]
  readonly at: V
  readonly onChange?: (id: V) => void
  /** The panel of the tab. Left out where tabs are links. */
  readonly children?: ReactNode
  readonly end?: ReactNode
  /** Equal widths side by side in a filled track, for two or three. */
  readonly look?: 'line' | 'segments'
}

export function Tabs<V extends string>({ label, tabs, at, onChange, children, end, look = 'line' }: TabsProps<V>) {
  const id = useId()
  const list = useRef<HTMLDivElement>(null)
  const links = tabs.some((tab) => tab.to !== undefined)
  const face = (tab: Tab<V>) => (
    <>
      {tab.label}
      {tab.count !== undefined ? <span className={cx('tab-count', tab.warn && 'tab-count-warn')}>{tab.count}</span> : null}
    </>
  )
  if (links)
    return (
      <nav className={`tabs tabs-${look}`} aria-label={label}>
        {tabs.map((tab) => (
          <Link
            key={tab.id}
            to={tab.to ?? ''}
            className="tab"
            aria-current={tab.id === at ? 'page' : undefined}
            options={{ keepScroll: true }}
          >
            {face(tab)}
          </Link>
        ))}
        {end}
      </nav>
    )

  const onKeyDown = (event: KeyboardEvent) => {
    const index = tabs.findIndex((tab) => tab.id === at)
    const forward = getComputedStyle(event.currentTarget).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight'
    const backward = forward === 'ArrowRight' ? 'ArrowLeft' : 'ArrowRight'
    const target = {
      [forward]: (index + 1) % tabs.length,
      [backward]: (index - 1 + tabs.length) % tabs.length,
      Home: 0,
      End: tabs.length - 1,
    }[event.key]
    const tab = target === undefined ? undefined : tabs[target]
    if (!tab) return
    event.preventDefault()
    onChange?.(tab.id)
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[target ?? 0]?.focus()
  }
  return (
    <>
      <div className={`tabs tabs-${look}`}>
        <div className="tabs-list" role="tablist" aria-label={label} ref={list} onKeyDown={onKeyDown}>
          {tabs.map((tab) => (
            <button
              key={tab.id}
              type="button"
              role="tab"
              className="tab"
              id={`${id}-${tab.id}`}
              aria-selected={tab.id === at}
              aria-controls={children === undefined ? undefined : `${id}-panel`}
              tabIndex={tab.id === at ? 0 : -1}
              onClick={() => onChange?.(tab.id)}
            >
              {face(tab)}
            </button>
          ))}
        </div>
        {end}
      </div>
      {children === undefined ? null : (
        <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${at}`} className="tab-panel">
          {children}
        </div>
      )}
    </>
  )
}
