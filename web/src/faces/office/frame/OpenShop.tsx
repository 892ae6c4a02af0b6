import { createShop, me } from '@efir/contract/identity.ts'
import { useState } from 'react'
import { useAct } from '../../../net/query.ts'
import { ProblemNote } from '../../../parts/face/problem.tsx'
import { useMarkets } from '../../../parts/markets/market.ts'
import { Button } from '../../../ui/Button.tsx'
import { Select } from '../../../ui/Choice.tsx'
import { Mark } from '../../../ui/Marks.tsx'
import { TextInput } from '../../../ui/TextInput.tsx'
import { useFormats, useWords } from '../../../ui/words.tsx'
import { chooseShop } from './shop.ts'
import { slugOf } from './slug.ts'

const changed = [me] as const

/** For a person without a shop. */
export function OpenShop() {
  const words = useWords('office')
  return (
    <main tabIndex={-1} className="office-alone">
      <header className="office-alone-head">
        <Mark size={32} />
        <h1>{words('office.open_shop_title')}</h1>
        <p className="muted">{words('office.open_shop_text')}</p>
      </header>
      <ShopForm />
    </main>
  )
}

export function ShopForm({ onDone }: { readonly onDone?: () => void }) {
  const words = useWords('office', 'refusals')
  const formats = useFormats()
  const markets = useMarkets()
  const [name, setName] = useState('')
  const [slug, setSlug] = useState<string | null>(null)
  const [code, setCode] = useState('')
  const creating = useAct(createShop, { changes: changed })
  const market = markets.find((one) => one.code === code) ?? markets[0]
  const address = slug ?? slugOf(name)
  const fits = /^[a-z0-9]+(-[a-z0-9]+)*$/.test(address) && address.length >= 2
  const submit = async () => {
    if (!market) return
    const { country, currency } = market
    const answer = await creating.run({ name: name.trim(), slug: address, market: market.code, country, currency })
    if (!answer.ok) return
    chooseShop(answer.value.id)
    onDone?.()
  }
  return (
    <form
      className="office-form"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <TextInput label={words('office.shop_name')} value={name} onChange={setName} maxLength={120} dir="auto" autoFocus />
      <TextInput
        label={words('office.shop_address')}
        hint={words('office.shop_address_hint')}
        value={address}
        onChange={setSlug}
        maxLength={60}
        dir="ltr"
        error={slug !== null && !fits ? words('office.shop_address_wrong') : undefined}
      />
      <Select
        label={words('office.shop_market')}
        hint={market ? words('office.shop_market_hint', { currency: formats.currency(market.currency) }) : undefined}
        value={market?.code ?? ''}
        onChange={setCode}
        options={markets.map((one) => ({ value: one.code, label: `${formats.country(one.country)} · ${one.currency}` }))}
      />
      <ProblemNote problem={creating.problem} />
      <Button kind="ink" type="submit" busy={creating.busy} disabled={name.trim() === '' || !fits || !market}>
        {words('office.open_shop')}
      </Button>
    </form>
  )
}
