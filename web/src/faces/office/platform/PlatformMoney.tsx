import type { Out } from '@efir/contract/act.ts'
import { platformBalances, recordSettlement } from '@efir/contract/ledger.ts'
import { decimalsOf, money } from '@efir/contract/money.ts'
import { majorText } from '@efir/words/formats.ts'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { newIdempotencyKey } from '../../../net/api.ts'
import { useAct, useView } from '../../../net/query.ts'
import { ProblemNote, ProblemState } from '../../../parts/face/problem.tsx'
import { useMarkets } from '../../../parts/markets/market.ts'
import { Button } from '../../../ui/Button.tsx'
import { Select } from '../../../ui/Choice.tsx'
import { MoneyInput } from '../../../ui/NumberInput.tsx'
import { Sheet } from '../../../ui/Sheet.tsx'
import { EmptyState } from '../../../ui/State.tsx'
import { type Column, Table } from '../../../ui/Table.tsx'
import { TextInput } from '../../../ui/TextInput.tsx'
import { useFormats, useWords } from '../../../ui/words.tsx'
import { downloadCsv } from '../csv.ts'

type Row = Out<typeof platformBalances>['balances'][number]
const changed = [platformBalances] as const

/** The sum of each kind of account: all of one currency are nought together. */
export function PlatformMoney() {
  const words = useWords('office')
  const formats = useFormats()
  const view = useView(platformBalances, {})
  const [recording, setRecording] = useState(false)
  const kindText = (kind: string) => {
    const key = `office.account_${kind}`
    return words.has(key) ? words(key as 'office.account_shop') : kind.replaceAll('_', ' ')
  }
  const columns: readonly Column<Row>[] = [
    { id: 'kind', head: words('office.account'), cell: (row) => kindText(row.kind), narrow: 'title' },
    {
      id: 'currency',
      head: words('office.currency'),
      cell: (row) => row.currency,
      tone: 'muted',
      width: '110px',
      narrow: 'state',
    },
    {
      id: 'accounts',
      head: words('office.accounts'),
      cell: (row) => formats.number(row.accounts),
      align: 'end',
      tone: 'muted',
      width: '110px',
      narrow: 'meta',
    },
    {
      id: 'amount',
      head: words('office.balance'),
      cell: (row) => formats.money(row.amount),
      align: 'end',
      tone: 'strong',
      narrow: 'number',
    },
  ]
  const save = () =>
    downloadCsv(
      'balances',
      [
        { head: words('office.account'), text: (row: Row) => row.kind },
        { head: words('office.currency'), text: (row: Row) => row.currency },
        { head: words('office.accounts'), text: (row: Row) => row.accounts },
        { head: words('office.balance'), text: (row: Row) => majorText(row.amount.amount, decimalsOf(row.currency)) },
      ],
      view.value?.balances ?? [],
    )
  return (
    <>
      <div className="office-filters">
        <span className="office-filters-end office-actions">
          <Button size="s" kind="ghost" icon={Download} onPress={save}>
            {words('common.export')}
          </Button>
          <Button size="s" onPress={() => setRecording(true)}>
            {words('office.record_settlement')}
          </Button>
        </span>
      </div>
      <div className="office-rows">
        {view.state === 'failed' ? (
          <ProblemState problem={view.problem} again={view.again} />
        ) : (
          <Table
            label={words('office.platform_money')}
            columns={columns}
            rows={view.value?.balances}
            idOf={(row) => `${row.kind}-${row.currency}`}
            empty={<EmptyState title={words('office.no_balance')} text={words('office.no_balance_text')} />}
          />
        )}
      </div>
      <Sheet open={recording} onClose={() => setRecording(false)} title={words('office.record_settlement')} height="content">
        {recording ? <SettlementForm onDone={() => setRecording(false)} /> : null}
      </Sheet>
    </>
  )
}

function SettlementForm({ onDone }: { readonly onDone: () => void }) {
  const words = useWords('office', 'refusals')
  const [key] = useState(newIdempotencyKey)
  const [provider, setProvider] = useState('test')
  const currencies = [...new Set(useMarkets().map((one) => one.currency))]
  const [currency, setCurrency] = useState('EUR')
  const [amount, setAmount] = useState<number | null>(null)
  const recording = useAct(recordSettlement, { changes: changed })
  const submit = async () => {
    if (amount === null) return
    if ((await recording.run({ key, provider: provider.trim(), amount: money(amount, currency) })).ok) onDone()
  }
  return (
    <form
      className="office-form"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <p className="muted">{words('office.record_settlement_text')}</p>
      <TextInput label={words('office.provider')} value={provider} onChange={setProvider} dir="ltr" maxLength={30} />
      <Select
        label={words('office.currency')}
        value={currency}
        onChange={setCurrency}
        options={currencies.map((value) => ({ value, label: value }))}
      />
      <MoneyInput label={words('office.amount')} amount={amount} currency={currency} onChange={setAmount} />
      <ProblemNote problem={recording.problem} />
      <Button
        kind="ink"
        type="submit"
        busy={recording.busy}
        disabled={amount === null || amount <= 0 || !/^[a-z0-9_-]{2,30}$/.test(provider.trim())}
      >
        {words('office.record_settlement')}
      </Button>
    </form>
  )
}
