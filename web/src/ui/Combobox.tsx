import { ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button, ComboBox, I18nProvider, Input, Label, ListBox, ListBoxItem, Popover, Text } from 'react-aria-components'
import { cx } from './cx.ts'
import './aria-styles.ts'
import type { FieldProps } from './Field.tsx'
import './Menu.css'
import { useLanguage, useWords } from './words.tsx'

export interface ComboOption {
  readonly id: string
  readonly label: string
  readonly note?: ReactNode
}

export interface ComboboxProps extends FieldProps {
  readonly value: string | null
  readonly onChange: (id: string | null) => void
  readonly options: readonly ComboOption[]
  /** For lists that the server searches: the words typed so far; filtering is then left to it. */
  readonly onSearch?: (text: string) => void
  readonly placeholder?: string
  readonly size?: 's' | 'm'
}

/** A long list with search inside. */
export function Combobox(props: ComboboxProps) {
  const words = useWords()
  const { locale } = useLanguage()
  const { options, onSearch } = props
  return (
    <I18nProvider locale={locale}>
      <ComboBox
        className={cx('field', props.error ? 'field-wrong' : null, props.className)}
        selectedKey={props.value}
        onSelectionChange={(key) => props.onChange(key === null ? null : String(key))}
        {...(onSearch ? { items: options, onInputChange: onSearch } : { defaultItems: options })}
        isInvalid={Boolean(props.error)}
        allowsEmptyCollection
        menuTrigger="focus"
      >
        <Label className={props.hideLabel ? 'hidden-text' : 'field-label'}>{props.label}</Label>
        <div className={cx('control', props.size === 's' && 'control-s')}>
          <Input placeholder={props.placeholder} dir="auto" />
          <Button className="control-button">
            <ChevronDown size={16} aria-hidden />
          </Button>
        </div>
        {props.error || props.hint ? (
          <Text slot={props.error ? 'errorMessage' : 'description'} className="field-note">
            {props.error ?? props.hint}
          </Text>
        ) : null}
        <Popover className="popover">
          <ListBox<ComboOption>
            className="menu"
            renderEmptyState={() => <div className="menu-empty">{words('common.empty')}</div>}
          >
            {(option) => (
              <ListBoxItem id={option.id} textValue={option.label} className="menu-item">
                <span className="menu-text">
                  <bdi>{option.label}</bdi>
                  {option.note ? <small className="check-hint">{option.note}</small> : null}
                </span>
              </ListBoxItem>
            )}
          </ListBox>
        </Popover>
      </ComboBox>
    </I18nProvider>
  )
}
