import { type Locale, locales } from '@efir/contract/scalars.ts'
import { localeNames } from '@efir/words/areas.ts'
import type { ReactNode } from 'react'
import { Tabs } from '../../../ui/Tabs.tsx'
import { useWords } from '../../../ui/words.tsx'
import './LocaleTabs.css'

export interface LocaleTabsProps {
  readonly at: Locale
  readonly onChange: (locale: Locale) => void
  /** A language with a text carries a mark. */
  readonly filled: (locale: Locale) => boolean
  readonly children: ReactNode
}

/** One field at a time, in each language of the product. */
export function LocaleTabs({ at, onChange, filled, children }: LocaleTabsProps) {
  const words = useWords('office')
  return (
    <div className="locale-tabs">
      <Tabs
        label={words('office.languages')}
        at={at}
        onChange={onChange}
        tabs={locales.map((locale) => ({
          id: locale,
          label: (
            <span className="locale-tab" data-filled={filled(locale)}>
              <bdi lang={locale}>{localeNames[locale]}</bdi>
              <span className="hidden-text">{words(filled(locale) ? 'office.language_done' : 'office.language_missing')}</span>
            </span>
          ),
        }))}
      >
        {children}
      </Tabs>
    </div>
  )
}
