import { priceHistory, productEditor, setVariants, shopProducts } from '@efir/contract/catalog.ts'
import { stockList } from '@efir/contract/stock.ts'
import { History, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useAct, useView } from '../../../net/query.ts'
import { ProblemState } from '../../../parts/face/problem.tsx'
import { useMarkets } from '../../../parts/markets/market.ts'
import { Button, IconButton } from '../../../ui/Button.tsx'
import { Checkbox, Select } from '../../../ui/Choice.tsx'
import { MoneyInput } from '../../../ui/NumberInput.tsx'
import { Link } from '../../../ui/router.tsx'
import { Sheet } from '../../../ui/Sheet.tsx'
import { Skeleton } from '../../../ui/State.tsx'
import { TextInput } from '../../../ui/TextInput.tsx'
import { useFormats, useWords } from '../../../ui/words.tsx'
import { useShop } from '../frame/shop.ts'
import type { ProductView } from './product.tsx'
import { SaveBar } from './SaveBar.tsx'
import { useDraft } from './use-draft.ts'
import { currencies, draftsOf, optionNames, problemsOf, type VariantDraft, variantsInput } from './variants.ts'

const changed = [productEditor, shopProducts, stockList] as const
let added = 0

export function VariantsTab({ product, mine }: { readonly product: ProductView; readonly mine: boolean }) {
  const words = useWords('office', 'refusals')
  const shop = useShop()
  const { draft, set, dirty, reset, adopt } = useDraft(draftsOf(product))
  const [names, setNames] = useState<readonly string[]>([])
  const [money, setMoney] = useState<readonly string[]>([])
  const saving = useAct(setVariants, { changes: changed })
  const options = [...new Set([...optionNames(draft), ...names])]
  const shown = [...new Set([...currencies(draft, shop.currency), ...money])]
  const problems = problemsOf(draft)
  const change = (key: string, part: Partial<VariantDraft>) =>
    set(draft.map((one) => (one.key === key ? { ...one, ...part } : one)))
  const save = async () => {
    const answer = await saving.run({ productId: product.id, variants: variantsInput(draft) })
    if (answer.ok) adopt(draftsOf(answer.value))
  }
  const add = () => {
    const last = draft.at(-1)
    set([
      ...draft,
      {
        key: `new-${++added}`,
        id: null,
        sku: '',
        barcode: '',
        options: last?.options ?? {},
        prices: last?.prices ?? {},
        active: true,
      },
    ])
  }
  return (
    <form
      className="office-rows"
      onSubmit={(event) => {
        event.preventDefault()
        void save()
      }}
    >
      <fieldset className="office-body" disabled={!mine}>
        <div className="edit-scroll">
          <table className="edit-table">
            <thead>
              <tr>
                <th>{words('office.sku')}</th>
                {options.map((name) => (
                  <th key={name}>
                    <bdi>{name}</bdi>
                  </th>
                ))}
                {shown.map((currency) => (
                  <th key={currency}>{currency}</th>
                ))}
                <th>{words('office.barcode')}</th>
                <th>{words('office.on_sale')}</th>
                <th>
                  <span className="hidden-text">{words('common.more')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {draft.map((one) => (
                <VariantRow
                  key={one.key}
                  draft={one}
                  options={options}
                  currencies={shown}
                  problem={problems.get(one.key)}
                  onChange={(part) => change(one.key, part)}
                  onDrop={one.id === null ? () => set(draft.filter((other) => other.key !== one.key)) : undefined}
                />
              ))}
            </tbody>
          </table>
        </div>
        {mine ? (
          <AddColumns
            onVariant={add}
            onOption={(name) => setNames([...names, name])}
            onCurrency={(currency) => setMoney([...money, currency])}
            shown={shown}
          />
        ) : null}
        {mine ? (
          <SaveBar dirty={dirty} busy={saving.busy} problem={saving.problem} onReset={reset} wrong={problems.size > 0} />
        ) : null}
        <p className="muted">
          {words('office.variants_note')}{' '}
          <Link className="text-link" to={`/office/stock?q=${encodeURIComponent(product.variantList[0]?.sku ?? '')}`}>
            {words('office.stock')}
          </Link>
        </p>
      </fieldset>
    </form>
  )
}

interface VariantRowProps {
  readonly draft: VariantDraft
  readonly options: readonly string[]
  readonly currencies: readonly string[]
  readonly problem: 'sku' | 'twice' | 'barcode' | undefined
  readonly onChange: (part: Partial<VariantDraft>) => void
  readonly onDrop: (() => void) | undefined
}

function VariantRow({ draft, options, currencies, problem, onChange, onDrop }: VariantRowProps) {
  const words = useWords('office')
  const [history, setHistory] = useState(false)
  return (
    <tr data-off={!draft.active || undefined}>
      <td data-label={words('office.sku')}>
        <TextInput
          size="s"
          hideLabel
          label={words('office.sku')}
          value={draft.sku}
          onChange={(sku) => onChange({ sku })}
          maxLength={60}
          dir="ltr"
          error={problem === 'sku' ? words('common.required') : problem === 'twice' ? words('office.sku_twice') : undefined}
        />
      </td>
      {options.map((name) => (
        <td key={name} data-label={name}>
          <TextInput
            size="s"
            hideLabel
            label={`${name}, ${draft.sku}`}
            value={draft.options[name] ?? ''}
            onChange={(value) => onChange({ options: { ...draft.options, [name]: value } })}
            maxLength={80}
            dir="auto"
          />
        </td>
      ))}
      {currencies.map((currency) => (
        <td key={currency} data-label={currency}>
          <MoneyInput
            size="s"
            hideLabel
            label={words('office.price_in', { currency, sku: draft.sku })}
            amount={draft.prices[currency] ?? null}
            currency={currency}
            onChange={(amount) => onChange({ prices: { ...draft.prices, [currency]: amount } })}
          />
        </td>
      ))}
      <td data-label={words('office.barcode')}>
        <TextInput
          size="s"
          hideLabel
          label={words('office.barcode')}
          value={draft.barcode}
          onChange={(barcode) => onChange({ barcode: barcode.replace(/\s/g, '') })}
          inputMode="numeric"
          maxLength={14}
          dir="ltr"
          error={problem === 'barcode' ? words('office.barcode_wrong') : undefined}
        />
      </td>
      <td data-label={words('office.on_sale')}>
        <Checkbox hideLabel label={words('office.on_sale')} checked={draft.active} onChange={(active) => onChange({ active })} />
      </td>
      <td>
        {onDrop ? (
          <IconButton size="s" icon={Trash2} label={words('common.remove')} onPress={onDrop} />
        ) : (
          <IconButton size="s" icon={History} label={words('office.price_history')} onPress={() => setHistory(true)} />
        )}
        <Sheet open={history} onClose={() => setHistory(false)} title={words('office.price_history')} height="content">
          {history && draft.id ? <Prices variantId={draft.id} currencies={currencies} /> : null}
        </Sheet>
      </td>
    </tr>
  )
}

function Prices({ variantId, currencies }: { readonly variantId: string; readonly currencies: readonly string[] }) {
  const words = useWords('office')
  const formats = useFormats()
  const [currency, setCurrency] = useState(currencies[0] ?? 'EUR')
  const view = useView(priceHistory, { variantId, currency })
  return (
    <div className="office-form">
      <Select
        label={words('office.currency')}
        value={currency}
        onChange={setCurrency}
        options={currencies.map((one) => ({ value: one, label: one }))}
      />
      {view.state === 'loading' ? <Skeleton height="120px" /> : null}
      {view.state === 'failed' ? <ProblemState problem={view.problem} again={view.again} /> : null}
      <dl className="kv">
        {(view.value?.prices ?? []).map((one) => (
          <div key={one.fromAt} className="kv-row">
            <dt>{formats.date(one.fromAt, 'dateTime')}</dt>
            <dd>{formats.money(one.price)}</dd>
          </div>
        ))}
      </dl>
      {view.value?.prices.length === 0 ? <p className="muted">{words('common.empty')}</p> : null}
    </div>
  )
}

interface AddColumnsProps {
  readonly onVariant: () => void
  readonly onOption: (name: string) => void
  readonly onCurrency: (currency: string) => void
  readonly shown: readonly string[]
}

function AddColumns({ onVariant, onOption, onCurrency, shown }: AddColumnsProps) {
  const words = useWords('office')
  const formats = useFormats()
  const [name, setName] = useState('')
  const more = [...new Set(useMarkets().map((one) => one.currency))].filter((one) => !shown.includes(one))
  const addOption = () => {
    if (name.trim() === '') return
    onOption(name.trim())
    setName('')
  }
  return (
    <div className="office-actions add-columns">
      <Button size="s" icon={Plus} onPress={onVariant}>
        {words('office.add_variant')}
      </Button>
      <TextInput
        size="s"
        hideLabel
        label={words('office.new_option')}
        placeholder={words('office.new_option')}
        value={name}
        onChange={setName}
        onEnter={addOption}
        maxLength={40}
        dir="auto"
      />
      <Button size="s" disabled={name.trim() === ''} onPress={addOption}>
        {words('office.add_option')}
      </Button>
      {more.length > 0 ? (
        <Select
          size="s"
          hideLabel
          label={words('office.add_currency')}
          placeholder={words('office.add_currency')}
          value=""
          onChange={onCurrency}
          options={more.map((one) => ({ value: one, label: `${one} · ${formats.currency(one)}` }))}
        />
      ) : null}
    </div>
  )
}
