import { changeProduct, productEditor, shopProducts } from '@efir/contract/catalog.ts'
import { deliveryCountries } from '@efir/contract/orders.ts'
import { useState } from 'react'
import { useAct, useView } from '../../../net/query.ts'
import { Select } from '../../../ui/Choice.tsx'
import { NumberInput } from '../../../ui/NumberInput.tsx'
import { TextArea, TextInput } from '../../../ui/TextInput.tsx'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import { LocaleTabs } from './LocaleTabs.tsx'
import { type ProductView, saidTexts, says } from './product.tsx'
import { SaveBar } from './SaveBar.tsx'
import { useDraft } from './use-draft.ts'

const changed = [productEditor, shopProducts] as const

const draftOf = (product: ProductView) => ({
  title: product.title,
  about: product.about,
  brand: product.brand,
  model: product.model,
  category: product.category,
  taxRate: product.taxRate ?? null,
  warrantyMonths: product.warrantyMonths ?? null,
  originCountry: product.originCountry ?? '',
})

export function TextsTab({ product, mine }: { readonly product: ProductView; readonly mine: boolean }) {
  const words = useWords('office', 'refusals')
  const formats = useFormats()
  const { locale: page } = useLanguage()
  const [locale, setLocale] = useState(page)
  const { draft, set, dirty, reset, adopt } = useDraft(draftOf(product))
  const saving = useAct(changeProduct, { changes: changed })
  const countries = useView(deliveryCountries, {}, { staleMs: Number.POSITIVE_INFINITY }).value?.countries ?? []
  const submit = async () => {
    const { title, about, taxRate, warrantyMonths, originCountry, ...plain } = draft
    const said = saidTexts(about)
    const answer = await saving.run({
      productId: product.id,
      title: saidTexts(title),
      ...(said ? { about: said } : {}),
      ...plain,
      ...(taxRate === null ? {} : { taxRate }),
      ...(warrantyMonths === null ? {} : { warrantyMonths }),
      ...(originCountry ? { originCountry } : {}),
    })
    if (answer.ok) adopt(draftOf(answer.value))
  }
  const options = [...countries]
    .map((code) => ({ value: code, label: formats.country(code) }))
    .sort((one, other) => one.label.localeCompare(other.label))
  return (
    <form
      className="office-rows"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <fieldset className="office-body office-body-narrow" disabled={!mine}>
        <LocaleTabs at={locale} onChange={setLocale} filled={(one) => says(draft.title, one) && says(draft.about, one)}>
          <div className="office-form" lang={locale}>
            <TextInput
              label={words('office.product_title')}
              value={draft.title[locale] ?? ''}
              onChange={(text) => set({ ...draft, title: { ...draft.title, [locale]: text } })}
              maxLength={200}
              dir="auto"
            />
            <TextArea
              label={words('office.about')}
              rows={7}
              value={draft.about[locale] ?? ''}
              onChange={(text) => set({ ...draft, about: { ...draft.about, [locale]: text } })}
              maxLength={8000}
            />
          </div>
        </LocaleTabs>
        <div className="office-form-pair">
          <TextInput
            label={words('office.brand')}
            value={draft.brand}
            onChange={(brand) => set({ ...draft, brand })}
            maxLength={80}
            dir="auto"
          />
          <TextInput
            label={words('office.model')}
            value={draft.model}
            onChange={(model) => set({ ...draft, model })}
            maxLength={80}
            dir="auto"
          />
          <TextInput
            label={words('office.category')}
            value={draft.category}
            onChange={(category) => set({ ...draft, category })}
            maxLength={60}
            dir="auto"
          />
          <NumberInput
            label={words('office.warranty')}
            optional
            unit={words('office.months')}
            min={0}
            max={600}
            value={draft.warrantyMonths}
            onChange={(value) => set({ ...draft, warrantyMonths: value })}
          />
          <NumberInput
            label={words('office.tax_rate')}
            hint={words('office.tax_rate_hint')}
            optional
            unit="%"
            step={0.01}
            min={0}
            max={100}
            value={draft.taxRate === null ? null : draft.taxRate / 100}
            onChange={(value) => set({ ...draft, taxRate: value === null ? null : Math.round(value * 100) })}
          />
          <Select
            label={words('office.origin')}
            optional
            value={draft.originCountry}
            placeholder={words('common.none')}
            onChange={(originCountry) => set({ ...draft, originCountry })}
            options={options}
          />
        </div>
        {mine ? (
          <SaveBar dirty={dirty} busy={saving.busy} problem={saving.problem} onReset={reset} wrong={!saidTexts(draft.title)} />
        ) : null}
      </fieldset>
    </form>
  )
}
