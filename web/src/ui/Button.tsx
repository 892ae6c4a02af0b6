import type { ComponentType, ReactNode, Ref } from 'react'
import './Button.css'
import { cx } from './cx.ts'
import { Link } from './router.tsx'

/** What an icon of lucide-react is, as far as we use it. */
export type IconOf = ComponentType<{ size?: number | string; className?: string; 'aria-hidden'?: boolean }>

export type ButtonKind = 'signal' | 'ink' | 'outline' | 'soft' | 'ghost' | 'danger'

export interface ButtonProps {
  readonly children: ReactNode
  /** `signal` only where a press changes something live now, and once on a screen. */
  readonly kind?: ButtonKind
  /** 32 (44 under a thumb), 44, 52. */
  readonly size?: 's' | 'm' | 'l'
  readonly icon?: IconOf
  readonly iconEnd?: IconOf
  /** A call is on its way: same size, same words, no second press; a spinner after 300 ms. */
  readonly busy?: boolean
  readonly disabled?: boolean
  readonly wide?: boolean
  /** Makes it a link: of the router, or of the web with `href`. */
  readonly to?: string
  readonly href?: string
  /** In a tab of its own: this page goes on. */
  readonly beside?: boolean
  readonly type?: 'button' | 'submit'
  readonly form?: string
  /** Letter that does the same; shown where there is a keyboard. */
  readonly keyHint?: string
  readonly onPress?: () => void
  readonly ref?: Ref<HTMLButtonElement>
  readonly label?: string
  readonly describedBy?: string
  readonly expanded?: boolean
  readonly pressed?: boolean
  readonly className?: string
}

export function Button(props: ButtonProps) {
  const { children, kind = 'outline', size = 'm', icon: Icon, iconEnd: IconEnd, busy = false, keyHint } = props
  const classes = cx(
    'button',
    `button-${kind}`,
    `button-${size}`,
    props.wide && 'button-wide',
    busy && 'button-busy',
    props.className,
  )
  const iconSize = size === 's' ? 16 : 20
  const content = (
    <>
      {busy ? <span className="spinner button-spinner" aria-hidden="true" /> : null}
      {Icon ? <Icon size={iconSize} aria-hidden /> : null}
      <span className="button-text">{children}</span>
      {IconEnd ? <IconEnd size={iconSize} className="flip" aria-hidden /> : null}
      {keyHint ? <kbd className="key-hint">{keyHint}</kbd> : null}
    </>
  )
  const names = { 'aria-label': props.label, 'aria-describedby': props.describedBy }
  if (props.to !== undefined && !props.disabled)
    return (
      <Link to={props.to} className={classes} onClick={props.onPress} {...names}>
        {content}
      </Link>
    )
  if (props.href !== undefined && !props.disabled)
    return (
      <a
        href={props.href}
        className={classes}
        onClick={props.onPress}
        {...(props.beside ? { target: '_blank', rel: 'noreferrer' } : {})}
        {...names}
      >
        {content}
      </a>
    )
  return (
    <button
      ref={props.ref}
      type={props.type ?? 'button'}
      form={props.form}
      className={classes}
      disabled={props.disabled}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      aria-expanded={props.expanded}
      aria-pressed={props.pressed}
      {...names}
      onClick={(event) => {
        // A submit button has no onPress: its form does the work, but not twice.
        if (busy) event.preventDefault()
        else props.onPress?.()
      }}
    >
      {content}
    </button>
  )
}

export interface IconButtonProps {
  /** What it does, for those who do not see the icon. */
  readonly label: string
  readonly icon: IconOf
  /** `stage` stands over the picture in both themes. */
  readonly kind?: 'ghost' | 'soft' | 'outline' | 'stage'
  readonly size?: 's' | 'm'
  /** A small number on its corner. */
  readonly count?: number
  readonly busy?: boolean
  readonly disabled?: boolean
  readonly pressed?: boolean
  readonly expanded?: boolean
  /** Points somewhere, so it is mirrored from right to left. */
  readonly flip?: boolean
  readonly to?: string
  readonly onPress?: () => void
  readonly ref?: Ref<HTMLButtonElement>
  readonly className?: string
}

export function IconButton(props: IconButtonProps) {
  const { label, icon: Icon, kind = 'ghost', size = 'm', count = 0 } = props
  const classes = cx('icon-button', `icon-button-${kind}`, `icon-button-${size}`, props.className)
  // A name holds what is seen on the thing.
  const name = count > 0 ? `${label} ${count}` : label
  const content = (
    <>
      <Icon size={size === 's' ? 16 : 20} className={props.flip ? 'flip' : undefined} aria-hidden />
      {count > 0 ? <span className="icon-button-count">{count}</span> : null}
    </>
  )
  if (props.to !== undefined)
    return (
      <Link to={props.to} className={classes} aria-label={name} title={label}>
        {content}
      </Link>
    )
  return (
    <button
      ref={props.ref}
      type="button"
      className={classes}
      aria-label={name}
      title={label}
      disabled={props.disabled || props.busy}
      aria-pressed={props.pressed}
      aria-expanded={props.expanded}
      onClick={props.onPress}
    >
      {content}
    </button>
  )
}
