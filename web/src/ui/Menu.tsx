import type { ReactNode } from 'react'
import {
  MenuItem as AriaItem,
  Menu as AriaMenu,
  Button,
  I18nProvider,
  MenuTrigger,
  Popover,
  Separator,
} from 'react-aria-components'
import './aria-styles.ts'
import type { IconOf } from './Button.tsx'
import './Button.css'
import { cx } from './cx.ts'
import './Menu.css'
import { go } from './router.tsx'
import { useLanguage } from './words.tsx'

export type MenuEntry =
  | {
      readonly id: string
      readonly label: ReactNode
      /** What typing finds, when the label is no plain text. */
      readonly text?: string
      readonly note?: ReactNode
      readonly icon?: IconOf
      readonly danger?: boolean
      readonly disabled?: boolean
      readonly keyHint?: string
      readonly to?: string
      readonly onPress?: () => void
    }
  | 'line'

export interface MenuProps {
  /** What the menu is of; with `iconOnly` also the name of its button. */
  readonly label: string
  readonly entries: readonly MenuEntry[]
  /** Content of its button. */
  readonly children?: ReactNode
  readonly icon?: IconOf
  readonly iconOnly?: boolean
  readonly kind?: 'outline' | 'soft' | 'ghost' | 'ink'
  readonly size?: 's' | 'm'
  readonly className?: string
}

/** A button and what opens from it: arrows, letters, Escape. */
export function Menu({ label, entries, children, icon: Icon, iconOnly, kind = 'ghost', size = 'm', className }: MenuProps) {
  const { locale } = useLanguage()
  const look = iconOnly
    ? cx('icon-button', `icon-button-${kind === 'ink' ? 'soft' : kind}`, `icon-button-${size}`, className)
    : cx('button', `button-${kind}`, `button-${size}`, className)
  return (
    <I18nProvider locale={locale}>
      <MenuTrigger>
        <Button className={look} aria-label={iconOnly ? label : undefined}>
          {Icon ? <Icon size={size === 's' ? 16 : 20} aria-hidden /> : null}
          {iconOnly ? null : <span className="button-text">{children ?? label}</span>}
        </Button>
        <Popover className="popover" placement="bottom end" offset={6}>
          <AriaMenu className="menu" aria-label={label}>
            {entries.map((entry, index) =>
              entry === 'line' ? <Separator key={`line-${String(index)}`} className="menu-line" /> : itemOf(entry),
            )}
          </AriaMenu>
        </Popover>
      </MenuTrigger>
    </I18nProvider>
  )
}

function itemOf(entry: Exclude<MenuEntry, 'line'>) {
  const press = () => {
    entry.onPress?.()
    if (entry.to) go(entry.to)
  }
  return (
    <AriaItem
      key={entry.id}
      id={entry.id}
      textValue={entry.text ?? (typeof entry.label === 'string' ? entry.label : entry.id)}
      isDisabled={entry.disabled}
      className={entry.danger ? 'menu-item menu-item-danger' : 'menu-item'}
      onAction={press}
    >
      {entry.icon ? <entry.icon size={16} aria-hidden /> : null}
      <span className="menu-text">
        {entry.label}
        {entry.note ? <small className="check-hint">{entry.note}</small> : null}
      </span>
      {entry.keyHint ? <kbd className="key-hint">{entry.keyHint}</kbd> : null}
    </AriaItem>
  )
}
