import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import './Banner.css'

export type Tone = 'plain' | 'ok' | 'warn' | 'danger'

export interface BannerProps {
  readonly tone?: Tone
  readonly title?: ReactNode
  readonly children?: ReactNode
  readonly action?: ReactNode
}

const icons = { plain: Info, ok: CircleCheck, warn: TriangleAlert, danger: CircleAlert } as const

/** Stays where the thing it speaks of is, until that has changed. Nothing floats over the page. */
export function Banner({ tone = 'plain', title, children, action }: BannerProps) {
  const Icon = icons[tone]
  return (
    <div className={`banner banner-${tone}`} role={tone === 'danger' ? 'alert' : 'status'}>
      <Icon size={18} aria-hidden />
      <div className="banner-text">
        {title ? <b>{title}</b> : null}
        {children ? <p>{children}</p> : null}
      </div>
      {action}
    </div>
  )
}
