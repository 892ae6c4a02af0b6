import type { Money } from '@efir/contract/money.ts'
import { countdown } from '@efir/words/formats.ts'
import type { ReactNode } from 'react'
import { useNow } from './clock.ts'
import { cx } from './cx.ts'
import './Sale.css'
import { useFormats, useWords } from './words.tsx'

export interface PriceProps {
  readonly price: Money
  /** Struck, with what it is based on. Without a basis there is no reference price. */
  readonly before?: Money | null
  readonly basis?: ReactNode
  readonly size?: 's' | 'm' | 'l' | 'xl'
  readonly quiet?: boolean
}

/** What it costs now, and what it cost before. Numbers change in place. */
export function Price({ price, before, basis, size = 'm', quiet }: PriceProps) {
  const words = useWords()
  const formats = useFormats()
  return (
    <span className={cx('price', `price-${size}`, quiet && 'price-quiet')}>
      <span className="hidden-text">{words('common.price_now')} </span>
      <bdi className="price-now">{formats.price(price)}</bdi>
      {before ? (
        <span className="price-before">
          <span className="hidden-text">{words('common.price_before')} </span>
          <s>
            <bdi>{formats.price(before)}</bdi>
          </s>
          {basis ? <small>{basis}</small> : null}
        </span>
      ) : null}
    </span>
  )
}

export interface StockBarProps {
  readonly left: number
  readonly total: number
  /** Units in other people's sheets: hatched. */
  readonly paying?: number
  /** In place of "41 of 300 left". */
  readonly text?: ReactNode
}

export function StockBar({ left, total, paying = 0, text }: StockBarProps) {
  const words = useWords()
  const formats = useFormats()
  const share = (part: number) => `${total > 0 ? Math.min(100, (part / total) * 100) : 0}%`
  const bold = (value: number) => formats.number(value)
  const spoken =
    paying > 0
      ? words('common.stock_paying', { left: bold(left), paying: bold(paying) })
      : words('common.stock_left', { left: bold(left), total: bold(total) })
  return (
    <span className="stock">
      <span className="stock-bar" aria-hidden="true">
        <i style={{ inlineSize: share(left) }} />
        {paying > 0 ? <i className="stock-paying" style={{ inlineSize: share(paying) }} /> : null}
      </span>
      <span className="stock-text">{text ?? spoken}</span>
    </span>
  )
}

export interface CountdownRingProps {
  /** Epoch milliseconds by the server's clock. */
  readonly endsAt: number
  /** What a full ring means. */
  readonly totalMs: number
  /** Signal while a press here changes something live, else ink. */
  readonly tone?: 'signal' | 'ink'
  readonly size?: number
}

export function CountdownRing({ endsAt, totalMs, tone = 'signal', size = 52 }: CountdownRingProps) {
  const words = useWords()
  const leftMs = Math.max(0, endsAt - useNow(1000))
  const part = totalMs > 0 ? Math.min(1, leftMs / totalMs) : 0
  const text = countdown(leftMs)
  return (
    <span
      className={`ring ring-${tone}`}
      style={{ inlineSize: size, blockSize: size }}
      role="timer"
      aria-label={`${words('common.time_left')} ${text}`}
    >
      <svg viewBox="0 0 52 52" aria-hidden="true">
        <circle className="ring-track" cx="26" cy="26" r="24" pathLength="100" />
        <circle
          className="ring-arc"
          cx="26"
          cy="26"
          r="24"
          pathLength="100"
          strokeDasharray={`${part * 100} 100`}
          transform="rotate(-90 26 26)"
        />
      </svg>
      <b aria-hidden="true" className={text.length > 5 ? 'ring-long' : undefined}>
        {text}
      </b>
    </span>
  )
}

/** The same count as plain text. */
export function Countdown({ endsAt }: { readonly endsAt: number }) {
  return <span className="countdown">{countdown(endsAt - useNow(1000))}</span>
}

/** Stars as a number with one star: a row of five says less. */
export function Rating({ value, count }: { readonly value: number; readonly count?: ReactNode }) {
  const formats = useFormats()
  return (
    <span className="rating">
      <svg width="13" height="13" viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">
        <path d="M12 2.5l2.9 6.2 6.6.8-4.9 4.6 1.3 6.7L12 17.5l-5.9 3.3 1.3-6.7L2.5 9.5l6.6-.8z" />
      </svg>
      <b>{formats.number(value, { minimumFractionDigits: 1, maximumFractionDigits: 1 })}</b>
      {count}
    </span>
  )
}
