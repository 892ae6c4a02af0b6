import type { ReactNode } from 'react'
import {
  MenuItem as AriaItem,
  Menu as AriaMenu,
  I18nProvider,
  MenuTrigger,
  Popover,
  Pressable,
  Separator,
} from 'react-aria-components'
import type { IconOf } from './Button.tsx'
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
  readonly label: string
  readonly entries: readonly MenuEntry[]
  /** A button of the usual kind; gets its state by itself. */
  readonly children: ReactNode
}

export function Menu({ label, entries, children }: MenuProps) {
  const { locale } = useLanguage()
  return (
    <I18nProvider locale={locale}>
      <MenuTrigger>
        <Pressable>{children as React.ReactElement<React.DOMAttributes<HTMLElement>, string>}</Pressable>
        <Popover className="popover" placement="bottom end" offset={6}>
          <AriaMenu className="menu" aria-label={label}>
            {entries.map((entry, index) =>
              entry === 'line' ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity and never move
                <Separator key={`line-${index}`} className="menu-line" />
              ) : (
                <AriaItem
                  key={entry.id}
                  id={entry.id}
                  textValue={entry.text ?? (typeof entry.label === 'string' ? entry.label : entry.id)}
                  isDisabled={entry.disabled}
                  className={entry.danger ? 'menu-item menu-item-danger' : 'menu-item'}
                  onAction={() => {
                    entry.onPress?.()
                    if (entry.to) go(entry.to)
                  }}
                >
                  {entry.icon ? <entry.icon size={16} aria-hidden /> : null}
                  <span className="menu-text">
                    {entry.label}
                    {entry.note ? <small className="check-hint">{entry.note}</small> : null}
                  </span>
                  {entry.keyHint ? <kbd className="key-hint">{entry.keyHint}</kbd> : null}
                </AriaItem>
              ),
            )}
          </AriaMenu>
        </Popover>
      </MenuTrigger>
    </I18nProvider>
  )
}
