import type { Out } from '@efir/contract/act.ts'
import { changeShop, me, myShop } from '@efir/contract/identity.ts'
import { setShopBlockWords, shopBlockWords } from '@efir/contract/room.ts'
import { Suspense, useState } from 'react'
import { useAct, useView } from '../../../net/query.ts'
import { ProblemState } from '../../../parts/face/problem.tsx'
import { Switch } from '../../../ui/Choice.tsx'
import { NumberInput } from '../../../ui/NumberInput.tsx'
import { usePlace } from '../../../ui/router.tsx'
import { PageHeader } from '../../../ui/Shell.tsx'
import { Skeleton } from '../../../ui/State.tsx'
import { Tabs } from '../../../ui/Tabs.tsx'
import { TextArea, TextInput } from '../../../ui/TextInput.tsx'
import { useLanguage, useWords } from '../../../ui/words.tsx'
import { lazyPart } from '../frame/lazy-part.tsx'
import { useShop } from '../frame/shop.ts'
import { LocaleTabs } from '../products/LocaleTabs.tsx'
import { saidTexts, says } from '../products/product.tsx'
import { SaveBar } from '../products/SaveBar.tsx'
import { useDraft } from '../products/use-draft.ts'
import './Settings.css'

const DeliverySection = lazyPart(() => import('./DeliverySection.tsx'), 'DeliverySection')

type ShopView = Out<typeof myShop>
const changed = [myShop, me] as const
const ShopPayAccounts = lazyPart(() => import('../accounts/ShopPayAccounts.tsx'), 'ShopPayAccounts')
const tabs = ['shop', 'selling', 'delivery', 'payments', 'chat'] as const

export function SettingsPage() {
  const words = useWords('office')
  const { query } = usePlace()
  const shop = useShop()
  const view = useView(myShop, { shopId: shop.id })
  const at = tabs.find((one) => one === query.get('tab')) ?? 'shop'
  return (
    <div className="office-page">
      <PageHeader title={words('common.settings')} />
      <Tabs
        label={words('office.views')}
        at={at}
        tabs={tabs.map((id) => ({
          id,
          label: words(`office.settings_${id}`),
          to: id === 'shop' ? '/office/settings' : `/office/settings?tab=${id}`,
        }))}
      />
      <div className="office-rows">
        <div className="office-body office-body-narrow">
          {view.state === 'loading' ? <Skeleton height="320px" /> : null}
          {view.state === 'failed' ? <ProblemState problem={view.problem} again={view.again} /> : null}
          {view.state === 'ready' && at === 'shop' ? <ShopTexts shop={view.value} /> : null}
          {view.state === 'ready' && at === 'selling' ? <Selling shop={view.value} /> : null}
          {view.state === 'ready' && at === 'delivery' ? (
            <Suspense fallback={<Skeleton height="320px" />}>
              <DeliverySection currency={view.value.currency} />
            </Suspense>
          ) : null}
          {at === 'payments' ? (
            <Suspense fallback={<Skeleton height="320px" />}>
              <ShopPayAccounts />
            </Suspense>
          ) : null}
          {at === 'chat' ? <BlockWords /> : null}
        </div>
      </div>
    </div>
  )
}

const textsOf = (shop: ShopView) => ({ name: shop.name, about: shop.about, mail: shop.settings.mail ?? '' })

function ShopTexts({ shop }: { readonly shop: ShopView }) {
  const words = useWords('office', 'refusals')
  const { locale: page } = useLanguage()
  const [locale, setLocale] = useState(page)
  const { draft, set, dirty, reset, adopt } = useDraft(textsOf(shop))
  const saving = useAct(changeShop, { changes: changed })
  const submit = async () => {
    const about = saidTexts(draft.about)
    const mail = draft.mail.trim()
    const answer = await saving.run({
      shopId: shop.id,
      name: draft.name.trim(),
      ...(about ? { about } : {}),
      ...(mail ? { settings: { mail } } : {}),
    })
    if (answer.ok) adopt(textsOf(answer.value))
  }
  return (
    <form
      className="office-form"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <TextInput
        label={words('office.shop_name')}
        value={draft.name}
        onChange={(name) => set({ ...draft, name })}
        maxLength={120}
        dir="auto"
      />
      <LocaleTabs at={locale} onChange={setLocale} filled={(one) => says(draft.about, one)}>
        <div className="office-form" lang={locale}>
          <TextArea
            label={words('office.about_shop')}
            rows={5}
            maxLength={8000}
            value={draft.about[locale] ?? ''}
            onChange={(text) => set({ ...draft, about: { ...draft.about, [locale]: text } })}
          />
        </div>
      </LocaleTabs>
      <TextInput
        label={words('office.shop_mail')}
        hint={words('office.shop_mail_hint')}
        optional
        type="email"
        value={draft.mail}
        onChange={(mail) => set({ ...draft, mail })}
      />
      <SaveBar dirty={dirty} busy={saving.busy} problem={saving.problem} onReset={reset} wrong={draft.name.trim() === ''} />
    </form>
  )
}

function Selling({ shop }: { readonly shop: ShopView }) {
  const words = useWords('office', 'refusals')
  const { settings } = shop
  const { draft, set, dirty, reset } = useDraft({
    reservationMinutes: settings.reservationMinutes ?? null,
    payFirst: settings.payFirst ?? false,
    returnDays: settings.returnDays ?? null,
    taxRate: settings.taxRate ?? null,
    recordingDays: settings.recordingDays ?? null,
  })
  const saving = useAct(changeShop, { changes: changed })
  const submit = () => {
    const given = Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== null))
    void saving.run({ shopId: shop.id, settings: given })
  }
  const number = (name: 'reservationMinutes' | 'returnDays' | 'recordingDays', min: number, max: number, unit: string) => (
    <NumberInput
      label={words(`office.setting_${name}`)}
      hint={words(`office.setting_${name}_hint`)}
      unit={unit}
      min={min}
      max={max}
      value={draft[name]}
      onChange={(value) => set({ ...draft, [name]: value })}
    />
  )
  return (
    <form
      className="office-form"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      {number('reservationMinutes', 1, 60, words('office.minutes'))}
      <Switch
        label={words('office.setting_payFirst')}
        hint={words('office.setting_payFirst_hint')}
        checked={draft.payFirst}
        onChange={(payFirst) => set({ ...draft, payFirst })}
      />
      {number('returnDays', 0, 365, words('office.days'))}
      <NumberInput
        label={words('office.tax_rate')}
        hint={words('office.setting_taxRate_hint')}
        unit="%"
        step={0.01}
        min={0}
        max={100}
        value={draft.taxRate === null ? null : draft.taxRate / 100}
        onChange={(value) => set({ ...draft, taxRate: value === null ? null : Math.round(value * 100) })}
      />
      {number('recordingDays', 0, 3650, words('office.days'))}
      <SaveBar dirty={dirty} busy={saving.busy} problem={saving.problem} onReset={reset} />
    </form>
  )
}

const blockChanged = [shopBlockWords] as const
const linesOf = (text: string): string[] => [...new Set(text.split('\n').map((line) => line.trim()))].filter(Boolean)

function BlockWords() {
  const shop = useShop()
  const view = useView(shopBlockWords, { shopId: shop.id })
  if (view.state === 'loading') return <Skeleton height="240px" />
  if (view.state === 'failed') return <ProblemState problem={view.problem} again={view.again} />
  return <BlockWordsForm saved={view.value.words} />
}

function BlockWordsForm({ saved }: { readonly saved: readonly string[] }) {
  const words = useWords('office', 'refusals')
  const shop = useShop()
  const { draft, set, dirty, reset, adopt } = useDraft(saved.join('\n'))
  const saving = useAct(setShopBlockWords, { changes: blockChanged })
  const list = linesOf(draft)
  const tooLong = list.some((word) => word.length > 60) || list.length > 500
  return (
    <form
      className="office-form"
      onSubmit={(event) => {
        event.preventDefault()
        void saving.run({ shopId: shop.id, words: list }).then((answer) => answer.ok && adopt(list.join('\n')))
      }}
    >
      <TextArea
        label={words('office.block_words')}
        hint={words('office.block_words_hint')}
        error={tooLong ? words('office.block_words_wrong') : undefined}
        rows={12}
        value={draft}
        onChange={set}
      />
      <SaveBar dirty={dirty} busy={saving.busy} problem={saving.problem} onReset={reset} wrong={tooLong} />
    </form>
  )
}
