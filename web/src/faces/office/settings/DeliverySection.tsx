import type { Out } from '@efir/contract/act.ts'
import { deliveryKinds } from '@efir/contract/orders/shapes.ts'
import { deliveryCountries, deliveryMethods, removeDeliveryMethod, saveDeliveryMethod } from '@efir/contract/orders.ts'
import { type LocalText, textIn } from '@efir/contract/scalars.ts'
import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { useAct, useView } from '../../../net/query.ts'
import { ProblemNote, ProblemState } from '../../../parts/face/problem.tsx'
import { useMarkets } from '../../../parts/markets/market.ts'
import { Button } from '../../../ui/Button.tsx'
import { RadioGroup } from '../../../ui/Choice.tsx'
import { Combobox } from '../../../ui/Combobox.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { MoneyInput, NumberInput } from '../../../ui/NumberInput.tsx'
import { Sheet } from '../../../ui/Sheet.tsx'
import { EmptyState, Skeleton } from '../../../ui/State.tsx'
import { TextInput } from '../../../ui/TextInput.tsx'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import { useShop } from '../frame/shop.ts'
import { LocaleTabs } from '../products/LocaleTabs.tsx'
import { saidTexts, says } from '../products/product.tsx'

type Method = Out<typeof deliveryMethods>['methods'][number]
type Prices = Method['prices']
type Kind = (typeof deliveryKinds)[number]
const changed = [deliveryMethods] as const

/** How the shop delivers: what it costs where, from when it is free. */
export function DeliverySection({ currency }: { readonly currency: string }) {
  const words = useWords('office', 'refusals')
  const formats = useFormats()
  const { locale } = useLanguage()
  const shop = useShop()
  const view = useView(deliveryMethods, { shopId: shop.id })
  const [editing, setEditing] = useState<Method | 'new' | null>(null)
  const [removing, setRemoving] = useState<Method | null>(null)
  const remove = useAct(removeDeliveryMethod, { changes: changed })
  // In the shop's own money; how many more there are is said by a number.
  const prices = (list: Prices) => {
    const codes = Object.keys(list).sort((one, other) => Number(other === currency) - Number(one === currency))
    const first = codes[0]
    if (!first) return ''
    const text = formats.price({ amount: list[first] ?? 0, currency: first })
    return codes.length > 1 ? words('office.and_currencies', { sum: text, n: codes.length - 1 }) : text
  }
  const confirm = async () => {
    if (removing && (await remove.run({ shopId: shop.id, deliveryId: removing.id })).ok) setRemoving(null)
  }
  return (
    <section className="office-section">
      <div className="office-section-head">
        <h2>{words('office.settings_delivery')}</h2>
        <Button size="s" icon={Plus} onPress={() => setEditing('new')}>
          {words('office.add_delivery')}
        </Button>
      </div>
      {view.state === 'loading' ? <Skeleton height="120px" /> : null}
      {view.state === 'failed' ? <ProblemState problem={view.problem} again={view.again} /> : null}
      {view.value?.methods.length === 0 ? (
        <EmptyState title={words('office.no_delivery')} text={words('office.no_delivery_text')} />
      ) : null}
      <ul className="plain-rows">
        {(view.value?.methods ?? []).map((method) => (
          <li key={method.id}>
            <span className="delivery-text">
              <b>
                <bdi>{textIn(method.name, locale)}</bdi>
              </b>
              <span className="muted">
                {[
                  words(`office.kind_${method.kind}`),
                  prices(method.prices),
                  method.freeFrom && Object.keys(method.freeFrom).length > 0
                    ? words('office.free_from', { sum: prices(method.freeFrom) })
                    : '',
                  words('office.days_range', { from: method.daysMin, to: method.daysMax }),
                  method.countries.length === 0
                    ? words('office.everywhere')
                    : method.countries.length > 3
                      ? words('office.n_countries', { n: method.countries.length })
                      : formats.list(method.countries.map((code) => formats.country(code))),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </span>
            <Button size="s" onPress={() => setEditing(method)}>
              {words('common.edit')}
            </Button>
            <Button size="s" kind="ghost" onPress={() => setRemoving(method)}>
              {words('common.remove')}
            </Button>
          </li>
        ))}
      </ul>
      <Sheet
        open={editing !== null}
        onClose={() => setEditing(null)}
        title={words(editing === 'new' ? 'office.add_delivery' : 'common.edit')}
      >
        {editing ? (
          <MethodForm
            key={editing === 'new' ? 'new' : editing.id}
            method={editing === 'new' ? null : editing}
            currency={currency}
            position={view.value?.methods.length ?? 0}
            onDone={() => setEditing(null)}
          />
        ) : null}
      </Sheet>
      <Dialog
        open={removing !== null}
        onClose={() => setRemoving(null)}
        title={words('office.remove_delivery', { name: textIn(removing?.name, locale) })}
        confirm={words('common.remove')}
        kind="danger"
        busy={remove.busy}
        onConfirm={() => void confirm()}
      >
        <p>{words('office.remove_delivery_text')}</p>
        <ProblemNote problem={remove.problem} />
      </Dialog>
    </section>
  )
}

interface MethodFormProps {
  readonly method: Method | null
  readonly currency: string
  readonly position: number
  readonly onDone: () => void
}

function MethodForm({ method, currency, position, onDone }: MethodFormProps) {
  const words = useWords('office', 'refusals')
  const shop = useShop()
  const { locale: page } = useLanguage()
  const [locale, setLocale] = useState(page)
  const [name, setName] = useState<LocalText>(method?.name ?? {})
  const [kind, setKind] = useState<Kind>(method?.kind ?? 'courier')
  const [prices, setPrices] = useState<Readonly<Record<string, number | null>>>(method?.prices ?? { [currency]: null })
  const [free, setFree] = useState<Readonly<Record<string, number | null>>>(method?.freeFrom ?? {})
  const [days, setDays] = useState({ min: method?.daysMin ?? 1, max: method?.daysMax ?? 3 })
  const [countries, setCountries] = useState<readonly string[]>(method?.countries ?? [])
  const saving = useAct(saveDeliveryMethod, { changes: changed })
  const said = saidTexts(name)
  const given = (list: Readonly<Record<string, number | null>>): Prices =>
    Object.fromEntries(Object.entries(list).filter((one): one is [string, number] => one[1] !== null))
  const submit = async () => {
    if (!said) return
    const freeFrom = given(free)
    const answer = await saving.run({
      shopId: shop.id,
      ...(method ? { deliveryId: method.id } : {}),
      kind,
      name: said,
      prices: given(prices),
      ...(Object.keys(freeFrom).length > 0 ? { freeFrom } : {}),
      countries: [...countries],
      daysMin: days.min,
      daysMax: days.max,
      position: method?.position ?? position,
    })
    if (answer.ok) onDone()
  }
  return (
    <form
      className="office-form"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <RadioGroup<Kind>
        label={words('office.delivery')}
        look="chips"
        value={kind}
        onChange={setKind}
        options={deliveryKinds.map((value) => ({ value, label: words(`office.kind_${value}`) }))}
      />
      <LocaleTabs at={locale} onChange={setLocale} filled={(one) => says(name, one)}>
        <div className="office-form" lang={locale}>
          <TextInput
            label={words('office.delivery_name')}
            value={name[locale] ?? ''}
            onChange={(text) => setName({ ...name, [locale]: text })}
            maxLength={120}
            dir="auto"
          />
        </div>
      </LocaleTabs>
      <PriceFields prices={prices} free={free} setPrices={setPrices} setFree={setFree} />
      <div className="office-form-pair">
        <NumberInput
          label={words('office.days_from')}
          min={0}
          max={365}
          value={days.min}
          onChange={(value) => setDays({ ...days, min: value ?? 0 })}
        />
        <NumberInput
          label={words('office.days_to')}
          min={days.min}
          max={365}
          value={days.max}
          onChange={(value) => setDays({ ...days, max: value ?? 0 })}
        />
      </div>
      <Countries chosen={countries} onChange={setCountries} />
      <ProblemNote problem={saving.problem} />
      <Button
        kind="ink"
        type="submit"
        busy={saving.busy}
        disabled={!said || Object.keys(given(prices)).length === 0 || days.max < days.min}
      >
        {words('common.save')}
      </Button>
    </form>
  )
}

interface PriceFieldsProps {
  readonly prices: Readonly<Record<string, number | null>>
  readonly free: Readonly<Record<string, number | null>>
  readonly setPrices: (prices: Readonly<Record<string, number | null>>) => void
  readonly setFree: (free: Readonly<Record<string, number | null>>) => void
}

function PriceFields({ prices, free, setPrices, setFree }: PriceFieldsProps) {
  const words = useWords('office')
  const more = [...new Set(useMarkets().map((one) => one.currency))].filter((one) => !(one in prices))
  return (
    <>
      {Object.keys(prices).map((code) => (
        <div key={code} className="office-form-pair">
          <MoneyInput
            label={`${words('office.price')} · ${code}`}
            amount={prices[code] ?? null}
            currency={code}
            onChange={(amount) => setPrices({ ...prices, [code]: amount })}
          />
          <MoneyInput
            label={words('office.free_from_label')}
            optional
            amount={free[code] ?? null}
            currency={code}
            onChange={(amount) => setFree({ ...free, [code]: amount })}
          />
        </div>
      ))}
      <div className="office-actions">
        {more.map((code) => (
          <Button key={code} size="s" icon={Plus} onPress={() => setPrices({ ...prices, [code]: null })}>
            {code}
          </Button>
        ))}
      </div>
    </>
  )
}

function Countries({
  chosen,
  onChange,
}: {
  readonly chosen: readonly string[]
  readonly onChange: (chosen: readonly string[]) => void
}) {
  const words = useWords('office')
  const formats = useFormats()
  const all = useView(deliveryCountries, {}, { staleMs: Number.POSITIVE_INFINITY }).value?.countries ?? []
  const options = all
    .filter((code) => !chosen.includes(code))
    .map((code) => ({ id: code, label: formats.country(code) }))
    .sort((one, other) => one.label.localeCompare(other.label))
  return (
    <div className="office-form">
      {options.length > 0 ? (
        <Combobox
          key={chosen.length}
          label={words('office.countries')}
          hint={words('office.countries_hint')}
          value={null}
          options={options}
          onChange={(code) => code && onChange([...chosen, code])}
        />
      ) : null}
      <div className="office-actions">
        {chosen.map((code) => (
          <Button
            key={code}
            size="s"
            icon={X}
            label={words('office.drop_filter', { filter: formats.country(code) })}
            onPress={() => onChange(chosen.filter((one) => one !== code))}
          >
            {formats.country(code)}
          </Button>
        ))}
      </div>
    </div>
  )
}
