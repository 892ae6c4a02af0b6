import { X } from 'lucide-react'
import { type PointerEvent, type ReactNode, useId, useRef } from 'react'
import { IconButton } from './Button.tsx'
import { cx } from './cx.ts'
import { useModal } from './modal.ts'
import './Sheet.css'
import { useWords } from './words.tsx'

export interface SheetProps {
  readonly open: boolean
  readonly onClose: () => void
  readonly title: ReactNode
  /** In place of the plain heading: picture, name, ring. The title stays as its name. */
  readonly head?: ReactNode
  readonly children: ReactNode
  /** Does not scroll: total and the one button. */
  readonly footer?: ReactNode
  /** On wide screens: a panel at the inline end, or in the middle. On phones always from below. */
  readonly wide?: 'end' | 'middle'
  /** How far it may rise on a phone: leaves 176 px of picture, or all but a strip. */
  readonly height?: 'video' | 'tall' | 'content'
  readonly size?: 'm' | 'l'
}

const closeAfterPx = 90

/** From below on a phone, drawn down to close. */
export function Sheet(props: SheetProps) {
  const { open, onClose, title, head, children, footer, wide = 'end', height = 'tall', size = 'm' } = props
  const words = useWords()
  const id = useId()
  const { ref, present } = useModal(open, onClose)
  const drag = useDrag(onClose)
  if (!present) return null
  return (
    <dialog
      ref={ref}
      className={cx('modal', 'sheet', `sheet-${wide}`, `sheet-${height}`, `sheet-size-${size}`)}
      aria-labelledby={id}
      tabIndex={-1}
    >
      <div className="sheet-box" ref={drag.box}>
        <header className="sheet-head" {...drag.handlers}>
          <span className="sheet-grip" aria-hidden="true" />
          {head ? (
            <>
              <h2 id={id} className="hidden-text">
                {title}
              </h2>
              <div className="sheet-head-content">{head}</div>
            </>
          ) : (
            <h2 id={id} className="sheet-title">
              {title}
            </h2>
          )}
          <IconButton label={words('common.close')} icon={X} onPress={onClose} className="sheet-close" />
        </header>
        <div className="sheet-body">{children}</div>
        {footer ? <footer className="sheet-foot">{footer}</footer> : null}
      </div>
    </dialog>
  )
}

function useDrag(onClose: () => void) {
  const box = useRef<HTMLDivElement>(null)
  const start = useRef<{ y: number; at: number } | null>(null)
  const move = (to: string) => {
    if (box.current) box.current.style.translate = to
  }
  const handlers = {
    onPointerDown(event: PointerEvent) {
      if (event.pointerType !== 'touch' || (event.target as Element).closest('button, a, input')) return
      start.current = { y: event.clientY, at: event.timeStamp }
      ;(event.currentTarget as Element).setPointerCapture(event.pointerId)
    },
    onPointerMove(event: PointerEvent) {
      if (start.current) move(`0 ${Math.max(0, event.clientY - start.current.y)}px`)
    },
    onPointerUp(event: PointerEvent) {
      if (!start.current) return
      const distance = event.clientY - start.current.y
      const speed = distance / Math.max(1, event.timeStamp - start.current.at)
      start.current = null
      if (distance > closeAfterPx || speed > 0.6) onClose()
      move('')
    },
    onPointerCancel() {
      start.current = null
      move('')
    },
  }
  return { box, handlers }
}
