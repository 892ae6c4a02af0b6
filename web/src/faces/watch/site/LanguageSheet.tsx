import { changeMe } from '@efir/contract/identity.ts'
import { type Locale, locales } from '@efir/contract/scalars.ts'
import { localeNames } from '@efir/words/areas.ts'
import { useState } from 'react'
import { call } from '../../../net/api.ts'
import { useMe } from '../../../parts/identity/session.ts'
import { chooseMarket, useMarket, useMarkets } from '../../../parts/markets/market.ts'
import { RadioGroup } from '../../../ui/Choice.tsx'
import { Sheet } from '../../../ui/Sheet.tsx'
import { chooseTheme, readTheme, type Theme } from '../../../ui/theme.ts'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'

/** Language, where parcels go and in what currency prices are, and the light of the room. */
export function LanguageSheet({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const words = useWords('store')
  const formats = useFormats()
  const { locale, choose } = useLanguage()
  const market = useMarket()
  const markets = useMarkets()
  const person = useMe().value?.person
  const [theme, setTheme] = useState(readTheme)
  const change = (next: Locale) => {
    choose(next)
    // Letters about orders come in this language too.
    if (person) void call(changeMe, { locale: next })
  }
  return (
    <Sheet open={open} onClose={onClose} title={words('store.language_and_prices')} height="content">
      <div className="language-sheet">
        <RadioGroup
          label={words('common.language')}
          look="chips"
          value={locale}
          onChange={change}
          options={locales.map((one) => ({ value: one, label: <span lang={one}>{localeNames[one]}</span> }))}
        />
        <RadioGroup
          label={words('store.prices_for')}
          look="rows"
          value={market?.code ?? null}
          onChange={chooseMarket}
          options={markets.map((one) => ({ value: one.code, label: formats.country(one.country), end: one.currency }))}
        />
        <RadioGroup<Theme>
          label={words('common.theme')}
          look="chips"
          value={theme}
          onChange={(next) => {
            chooseTheme(next)
            setTheme(next)
          }}
          options={(['system', 'dark', 'light'] as const).map((one) => ({ value: one, label: words(`common.theme_${one}`) }))}
        />
      </div>
    </Sheet>
  )
}
