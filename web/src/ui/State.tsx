import { RefreshCw } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button, type IconOf } from './Button.tsx'
import { cx } from './cx.ts'
import './State.css'
import { useWords } from './words.tsx'

/** Holds the place of what is coming, at its size. It does not shimmer. */
export function Skeleton({
  width = '100%',
  height,
  round,
}: {
  readonly width?: string
  readonly height?: string
  readonly round?: boolean
}) {
  return (
    <span
      className={cx('skeleton', round && 'skeleton-round')}
      style={{ inlineSize: width, blockSize: height }}
      aria-hidden="true"
    />
  )
}

export interface EmptyStateProps {
  readonly title: ReactNode
  readonly text?: ReactNode
  readonly icon?: IconOf
  readonly action?: ReactNode
}

/** One sentence and the one action. */
export function EmptyState({ title, text, icon: Icon, action }: EmptyStateProps) {
  return (
    <div className="state">
      {Icon ? <Icon size={28} className="state-icon" aria-hidden /> : null}
      <h2 className="state-title">{title}</h2>
      {text ? <p className="state-text">{text}</p> : null}
      {action ? <div className="state-action">{action}</div> : null}
    </div>
  )
}

export interface ErrorStateProps {
  readonly title?: ReactNode
  /** What failed and what to do. */
  readonly text?: ReactNode
  readonly again?: () => void
  readonly action?: ReactNode
  readonly requestId?: string
}

export function ErrorState({ title, text, again, action, requestId }: ErrorStateProps) {
  const words = useWords()
  return (
    <div className="state" role="alert">
      <h2 className="state-title">{title ?? words('common.problem_title')}</h2>
      {text ? <p className="state-text">{text}</p> : null}
      {again || action ? (
        <div className="state-action">
          {again ? (
            <Button icon={RefreshCw} onPress={again}>
              {words('common.try_again')}
            </Button>
          ) : null}
          {action}
        </div>
      ) : null}
      {requestId ? <p className="state-request">{words('common.request_id', { id: requestId })}</p> : null}
    </div>
  )
}
