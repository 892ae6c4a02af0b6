import { EyeOff } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { cx } from '../../../ui/cx.ts'
import { keysOn } from '../../../ui/keys.ts'
import { useWords } from '../../../ui/words.tsx'

export const holdMs = 1_000

/** Held for a second it covers the picture; let go earlier it does nothing. `S` on a keyboard does the same. */
export function SlateHold({
  onHeld,
  disabled,
  bar,
}: {
  readonly onHeld: () => void
  readonly disabled?: boolean
  readonly bar?: boolean
}) {
  const words = useWords('studio')
  const [holding, setHolding] = useState(false)
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null)
  const held = useRef(onHeld)
  held.current = onHeld
  const release = () => {
    if (timer.current) clearTimeout(timer.current)
    timer.current = null
    setHolding(false)
  }
  const press = () => {
    if (disabled || timer.current) return
    setHolding(true)
    timer.current = setTimeout(() => {
      release()
      navigator.vibrate?.(40)
      held.current()
    }, holdMs)
  }
  const acts = useRef({ press, release })
  acts.current = { press, release }
  useEffect(() => {
    const writes = (target: EventTarget | null) =>
      target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)
    const onDown = (event: KeyboardEvent) => {
      if (
        event.code !== 'KeyS' ||
        event.repeat ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        writes(event.target) ||
        !keysOn()
      )
        return
      if (!document.querySelector('dialog.modal[open]')) acts.current.press()
    }
    const onUp = (event: KeyboardEvent) => event.code === 'KeyS' && acts.current.release()
    addEventListener('keydown', onDown)
    addEventListener('keyup', onUp)
    return () => {
      removeEventListener('keydown', onDown)
      removeEventListener('keyup', onUp)
      acts.current.release()
    }
  }, [])
  return (
    <button
      type="button"
      className={cx('slate-hold', bar ? 'slate-hold-bar' : 'side-action glass', holding && 'slate-holding')}
      disabled={disabled}
      aria-description={words('studio.slate_hold_text')}
      onPointerDown={press}
      onPointerUp={release}
      onPointerLeave={release}
      onPointerCancel={release}
      onContextMenu={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if ((event.key === ' ' || event.key === 'Enter') && !event.repeat) press()
        if (event.key === ' ' || event.key === 'Enter') event.preventDefault()
      }}
      onKeyUp={release}
      onBlur={release}
    >
      <svg className="slate-ring" viewBox="0 0 60 60" aria-hidden="true">
        <rect x="1.5" y="1.5" width="57" height="57" rx="15" pathLength="100" />
        <rect className="slate-fill" x="1.5" y="1.5" width="57" height="57" rx="15" pathLength="100" />
      </svg>
      <EyeOff size={bar ? 20 : 22} aria-hidden />
      <span>
        {words('studio.slate')}
        <small>{words('studio.slate_hold')}</small>
      </span>
    </button>
  )
}
