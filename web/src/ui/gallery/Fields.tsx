import { useState } from 'react'
import { Checkbox, RadioGroup, Select, Switch } from '../Choice.tsx'
import { Combobox } from '../Combobox.tsx'
import { FileDrop } from '../FileDrop.tsx'
import { MoneyInput, NumberInput, Stepper } from '../NumberInput.tsx'
import { Qr } from '../Qr.tsx'
import { Tabs } from '../Tabs.tsx'
import { SearchInput, TextArea, TextInput } from '../TextInput.tsx'
import { useFormats, useWords } from '../words.tsx'

export function Fields() {
  const words = useWords('refusals')
  const formats = useFormats()
  const [text, setText] = useState('Elena Markova')
  const [amount, setAmount] = useState<number | null>(1299900)
  const [count, setCount] = useState<number | null>(1)
  const [on, setOn] = useState(true)
  const [choice, setChoice] = useState('graphite')
  const [country, setCountry] = useState<string | null>('PT')
  const [tab, setTab] = useState('one')
  const countries = ['ES', 'FR', 'PT', 'AE', 'CN', 'UA', 'PH', 'US'].map((id) => ({ id, label: formats.country(id) }))
  return (
    <main className="gallery">
      <Tabs
        label={words('common.menu')}
        at={tab}
        onChange={setTab}
        tabs={[
          { id: 'one', label: words('common.all'), count: 1284 },
          { id: 'two', label: words('common.today'), count: 86 },
          { id: 'three', label: words('common.details'), count: 3, warn: true },
        ]}
      />
      <div className="gallery-grid">
        <TextInput label={words('common.search')} value={text} onChange={setText} hint={words('common.optional')} />
        <TextInput label={words('common.sign_in')} value="x@" type="email" onChange={setText} error={words('common.required')} />
        <TextInput label={words('common.show_password')} value="secret" type="password" optional onChange={setText} />
        <TextInput label={words('common.edit')} value="" placeholder={words('common.empty')} disabled onChange={setText} />
        <SearchInput label={words('common.search')} value={text} onChange={setText} />
        <TextArea label={words('common.details')} value={words('common.offline_text')} onChange={setText} />
        <MoneyInput label={words('common.total')} amount={amount} currency="RUB" onChange={setAmount} />
        <NumberInput label={words('common.total')} value={count} max={20} unit="kg" onChange={setCount} />
        <Stepper label={words('common.total')} value={count} max={2} onChange={setCount} />
        <Select
          label={words('common.language')}
          value="a"
          onChange={() => undefined}
          options={[
            { value: 'a', label: words('common.theme_system') },
            { value: 'b', label: words('common.theme_dark') },
          ]}
        />
        <Combobox label={words('common.filter')} value={country} onChange={setCountry} options={countries} />
        <div>
          <Checkbox label={words('common.confirm')} hint={words('common.offline_text')} checked={on} onChange={setOn} />
          <Checkbox label={words('common.select_all')} checked="some" onChange={setOn} />
          <Switch label={words('common.keys')} hint={words('common.key_move')} checked={on} onChange={setOn} />
        </div>
        <RadioGroup
          label={words('common.theme')}
          look="chips"
          value={choice}
          onChange={setChoice}
          options={[
            { value: 'graphite', label: 'Graphite', swatch: '#3f4048' },
            { value: 'sand', label: 'Sand', swatch: '#d9c1a0' },
            { value: 'm', label: 'M/L' },
            { value: 'x', label: 'XL', disabled: true },
          ]}
        />
        <RadioGroup
          label={words('common.details')}
          look="cards"
          value={choice}
          onChange={setChoice}
          options={[
            { value: 'graphite', label: words('common.open'), note: formats.date(1763671296000), end: words('common.free') },
            {
              value: 'sand',
              label: words('common.send'),
              note: formats.date(1763771296000),
              end: formats.price({ amount: 490, currency: 'EUR' }),
            },
          ]}
        />
        <RadioGroup
          label={words('common.settings')}
          value={choice}
          onChange={setChoice}
          options={[
            { value: 'graphite', label: 'Visa ·· 4417', note: words('common.confirm') },
            { value: 'sand', label: words('common.free'), end: '€0.00' },
          ]}
        />
        <Tabs
          label={words('common.theme')}
          look="segments"
          at={tab}
          onChange={setTab}
          tabs={[
            { id: 'one', label: words('common.theme_light') },
            { id: 'two', label: words('common.theme_dark') },
          ]}
        />
        <FileDrop label={words('common.choose_file')} onFiles={() => undefined} />
        <Qr text="https://192.168.1.20:3000/studio" />
      </div>
    </main>
  )
}
