import { ChevronLeft, ChevronRight } from 'lucide-react'
import { Button, IconButton } from './Button.tsx'
import './Paging.css'
import { useFormats, useWords } from './words.tsx'

export interface LoadMoreProps {
  readonly more: boolean
  readonly busy: boolean
  readonly onMore: () => void
}

/** Lists by cursor grow downwards: `PageOf` says only whether there is more. */
export function LoadMore({ more, busy, onMore }: LoadMoreProps) {
  const words = useWords()
  if (!more) return null
  return (
    <div className="paging-more">
      <Button busy={busy} onPress={onMore}>
        {words('common.load_more')}
      </Button>
    </div>
  )
}

export interface PaginationProps {
  /** First row shown, from 1. */
  readonly from: number
  readonly to: number
  readonly total: number
  readonly onPrevious?: () => void
  readonly onNext?: () => void
}

export function Pagination({ from, to, total, onPrevious, onNext }: PaginationProps) {
  const words = useWords()
  const formats = useFormats()
  return (
    <nav className="paging" aria-label={words('common.rows', { n: total })}>
      <span className="muted small">
        {words('common.rows_of', { from: formats.number(from), to: formats.number(to), total: formats.number(total) })}
      </span>
      <IconButton
        size="s"
        flip
        icon={ChevronLeft}
        label={words('common.previous_page')}
        disabled={!onPrevious}
        onPress={onPrevious}
      />
      <IconButton size="s" flip icon={ChevronRight} label={words('common.next_page')} disabled={!onNext} onPress={onNext} />
    </nav>
  )
}
