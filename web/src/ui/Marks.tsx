import type { ReactNode } from 'react'
import type { Tone } from './Banner.tsx'
import { cx } from './cx.ts'
import './Marks.css'
import { Link } from './router.tsx'
import { useFormats, useWords } from './words.tsx'

/** A word or two about a thing. `outline` for what is merely so. */
export function Tag({
  tone = 'plain',
  outline,
  children,
}: {
  readonly tone?: Tone | 'live'
  readonly outline?: boolean
  readonly children: ReactNode
}) {
  return <span className={cx('tag', `tag-${tone}`, outline && 'tag-outline')}>{children}</span>
}

/** Shape and word, never colour alone: ring waiting, half under way, full to do, green done, red someone must fix. */
export type DotState = 'off' | 'waiting' | 'half' | 'todo' | 'done' | 'wrong' | 'live'

export function StateDot({ state, children }: { readonly state: DotState; readonly children: ReactNode }) {
  return (
    <span className={`state-dot state-dot-${state}`}>
      <span className="ellipsis">{children}</span>
    </span>
  )
}

/** On air. The one place, beside the lot's button, that is lit. */
export function LiveBadge({ viewers, children }: { readonly viewers?: number; readonly children?: ReactNode }) {
  const words = useWords()
  const formats = useFormats()
  return (
    <span className="live">
      <span className="live-badge">
        <i aria-hidden="true" />
        {children ?? words('common.live')}
      </span>
      {viewers === undefined ? null : (
        <span className="live-viewers">
          <span aria-hidden="true">{formats.count(viewers)}</span>
          <span className="hidden-text">{words('common.viewers', { n: viewers })}</span>
        </span>
      )}
    </span>
  )
}

export interface AvatarProps {
  readonly name: string
  readonly src?: string
  readonly size?: number
  /** Shops are square. */
  readonly square?: boolean
}

export function Avatar({ name, src, size = 36, square }: AvatarProps) {
  const classes = cx('avatar', square && 'avatar-square')
  const style = { inlineSize: size, blockSize: size, fontSize: Math.max(11, size * 0.4) }
  if (src)
    return <img className={classes} style={style} src={src} alt="" width={size} height={size} loading="lazy" decoding="async" />
  return (
    <span className={classes} style={style} aria-hidden="true">
      {initials(name)}
    </span>
  )
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0] ?? '')
  // Two Chinese or Arabic letters side by side read as another word.
  return /[\u0600-\u06ff\u3040-\u9fff]/.test(letters[0] ?? '') ? (letters[0] ?? '') : letters.join('').toUpperCase()
}

/** A number with its name above: heads of pages. */
export function Stat({
  label,
  value,
  note,
  to,
}: {
  readonly label: ReactNode
  readonly value: ReactNode
  readonly note?: ReactNode
  readonly to?: string
}) {
  return (
    <div className="stat">
      <dt className="stat-label">{label}</dt>
      <dd className="stat-value">
        {to ? <Link to={to}>{value}</Link> : value}
        {note ? <small>{note}</small> : null}
      </dd>
    </div>
  )
}

export function Stats({ children }: { readonly children: ReactNode }) {
  return <dl className="stats">{children}</dl>
}

/** The strip of keys under a table; only where there is a keyboard. */
export function KeyHints({
  hints,
  end,
}: {
  readonly hints: readonly (readonly [keys: readonly string[], what: string])[]
  readonly end?: ReactNode
}) {
  return (
    <div className="key-hints">
      {hints.map(([keys, what]) => (
        <span key={what} className="key-hints-one">
          {keys.map((key) => (
            <kbd key={key} className="key-hint">
              {key}
            </kbd>
          ))}
          {what}
        </span>
      ))}
      <span className="key-hints-end">{end}</span>
    </div>
  )
}

/** The mark of the product: a tally light between two waves. */
export function Mark({ size = 26 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 26 26" aria-hidden="true">
      <circle cx="13" cy="13" r="4" fill="currentColor" />
      <path
        d="M6.2 6.2a9.6 9.6 0 0 0 0 13.6M19.8 6.2a9.6 9.6 0 0 1 0 13.6"
        fill="none"
        stroke="currentColor"
        strokeWidth="2.6"
        strokeLinecap="round"
      />
    </svg>
  )
}
