import type { Out } from '@efir/contract/act.ts'
import { requestPayout, shopBalances, shopPayouts, shopStatement } from '@efir/contract/ledger.ts'
import { decimalsOf, money } from '@efir/contract/money.ts'
import { majorText } from '@efir/words/formats.ts'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { newIdempotencyKey } from '../../../net/api.ts'
import { useAct, usePages, useView } from '../../../net/query.ts'
import { ProblemNote, ProblemState } from '../../../parts/face/problem.tsx'
import { Button } from '../../../ui/Button.tsx'
import { useKeys } from '../../../ui/keys.ts'
import { type DotState, Stat, StateDot, Stats } from '../../../ui/Marks.tsx'
import { MoneyInput } from '../../../ui/NumberInput.tsx'
import { LoadMore } from '../../../ui/Paging.tsx'
import { Link, usePlace } from '../../../ui/router.tsx'
import { Sheet } from '../../../ui/Sheet.tsx'
import { PageHeader } from '../../../ui/Shell.tsx'
import { EmptyState, Skeleton } from '../../../ui/State.tsx'
import { type Column, Table } from '../../../ui/Table.tsx'
import { Tabs } from '../../../ui/Tabs.tsx'
import { useFormats, useWords } from '../../../ui/words.tsx'
import { useExport } from '../export.ts'
import { owns, useShop } from '../frame/shop.ts'

type Balance = Out<typeof shopBalances>['balances'][number]
type StatementRow = Out<typeof shopStatement>['items'][number]
type PayoutRow = Out<typeof shopPayouts>['items'][number]
const changed = [shopBalances, shopStatement, shopPayouts] as const

/** What the shop has earned, per currency, with every movement behind it. */
export function PayoutsPage() {
  const words = useWords('office')
  const { query } = usePlace()
  const shop = useShop()
  const view = useView(shopBalances, { shopId: shop.id })
  const [asking, setAsking] = useState(false)
  const balances = view.value?.balances ?? []
  const balance = balances.find((one) => one.currency === query.get('currency')) ?? balances[0]
  const at = query.get('tab') === 'payouts' ? 'payouts' : 'statement'
  const place = (change: Record<string, string>) =>
    `/office/payouts?${new URLSearchParams({ tab: at, currency: balance?.currency ?? '', ...change })}`
  return (
    <div className="office-page">
      <PageHeader
        title={words('office.payouts')}
        actions={
          owns(shop) && balance && balance.owed.amount > 0 ? (
            <Button size="s" kind="ink" onPress={() => setAsking(true)}>
              {words('office.ask_payout')}
            </Button>
          ) : null
        }
      />
      {balances.length > 1 ? (
        <Tabs
          label={words('office.currency')}
          at={balance?.currency ?? ''}
          tabs={balances.map((one) => ({ id: one.currency, label: one.currency, to: place({ currency: one.currency }) }))}
        />
      ) : null}
      <div className="office-rows">
        {view.state === 'failed' ? <ProblemState problem={view.problem} again={view.again} /> : null}
        {view.state === 'loading' ? (
          <div className="office-body">
            <Skeleton height="60px" />
          </div>
        ) : null}
        {view.state === 'ready' && !balance ? (
          <EmptyState title={words('office.no_balance')} text={words('office.no_balance_text')} />
        ) : null}
        {balance ? (
          <>
            <div className="office-body">
              <BalanceStats balance={balance} />
            </div>
            <div className="office-tabs">
              <Tabs
                label={words('office.views')}
                at={at}
                tabs={[
                  { id: 'statement', label: words('office.statement'), to: place({ tab: 'statement' }) },
                  { id: 'payouts', label: words('office.payouts'), to: place({ tab: 'payouts' }) },
                ]}
              />
            </div>
            {at === 'statement' ? <Statement currency={balance.currency} /> : <Payouts />}
          </>
        ) : null}
      </div>
      <Sheet open={asking} onClose={() => setAsking(false)} title={words('office.ask_payout')} height="content">
        {asking && balance ? <PayoutForm balance={balance} onDone={() => setAsking(false)} /> : null}
      </Sheet>
    </div>
  )
}

function BalanceStats({ balance }: { readonly balance: Balance }) {
  const words = useWords('office')
  const formats = useFormats()
  const parts = ['owed', 'inTransit', 'paidOut', 'sales', 'returned', 'fees', 'cash', 'platformShare'] as const
  return (
    <Stats>
      {parts.map((part) => (
        <Stat key={part} label={words(`office.balance_${part}`)} value={formats.money(balance[part])} />
      ))}
    </Stats>
  )
}

function Statement({ currency }: { readonly currency: string }) {
  const words = useWords('office')
  const formats = useFormats()
  const shop = useShop()
  const input = { shopId: shop.id, currency }
  const list = usePages(shopStatement, input)
  const exporting = useExport(shopStatement, input, `statement-${currency}`, [
    { head: words('office.when'), text: (row) => new Date(row.at).toISOString() },
    { head: words('office.why'), text: (row) => words(`office.entry_${row.kind}`) },
    { head: words('office.amount'), text: (row) => majorText(row.amount.amount, decimalsOf(currency)) },
    { head: words('office.balance'), text: (row) => majorText(row.after.amount, decimalsOf(currency)) },
    { head: words('office.currency'), text: () => currency },
  ])
  useKeys({ e: exporting.run })
  const columns: readonly Column<StatementRow>[] = [
    {
      id: 'at',
      head: words('office.when'),
      cell: (row) => formats.date(row.at, 'dateTime'),
      tone: 'muted',
      width: '170px',
      narrow: 'state',
    },
    { id: 'kind', head: words('office.why'), cell: (row) => words(`office.entry_${row.kind}`), narrow: 'title' },
    {
      id: 'order',
      head: words('office.order'),
      cell: (row) =>
        row.orderId ? (
          <Link className="text-link" to={`/office/orders?order=${row.orderId}`}>
            {words('office.see_order')}
          </Link>
        ) : (
          '–'
        ),
      tone: 'muted',
    },
    {
      id: 'amount',
      head: words('office.amount'),
      cell: (row) => formats.money(row.amount),
      align: 'end',
      tone: 'strong',
      narrow: 'number',
    },
    {
      id: 'after',
      head: words('office.balance'),
      cell: (row) => formats.money(row.after),
      align: 'end',
      tone: 'muted',
      narrow: 'meta',
    },
  ]
  if (list.state === 'failed') return <ProblemState problem={list.problem} again={list.again} />
  return (
    <>
      <div className="office-filters">
        <span className="office-filters-end">
          <Button kind="ghost" size="s" icon={Download} keyHint="E" busy={exporting.busy} onPress={exporting.run}>
            {words('common.export')}
          </Button>
        </span>
      </div>
      <Table
        label={words('office.statement')}
        columns={columns}
        rows={list.value}
        idOf={(row) => row.id}
        empty={<EmptyState title={words('office.no_entries')} />}
      />
      <LoadMore more={list.more} busy={list.moreBusy} onMore={list.loadMore} />
    </>
  )
}

export const payoutDots: Readonly<Record<PayoutRow['state'], DotState>> = { requested: 'waiting', paid: 'done', refused: 'wrong' }

function Payouts() {
  const words = useWords('office')
  const formats = useFormats()
  const shop = useShop()
  const list = usePages(shopPayouts, { shopId: shop.id })
  const columns: readonly Column<PayoutRow>[] = [
    {
      id: 'at',
      head: words('office.when'),
      cell: (row) => formats.date(row.requestedAt, 'dateTime'),
      tone: 'muted',
      width: '170px',
      narrow: 'title',
    },
    {
      id: 'state',
      head: words('office.state'),
      cell: (row) => <StateDot state={payoutDots[row.state]}>{words(`office.payout_${row.state}`)}</StateDot>,
      narrow: 'state',
    },
    {
      id: 'reference',
      head: words('office.reference'),
      cell: (row) => <bdi>{row.reference || '–'}</bdi>,
      tone: 'muted',
      narrow: 'meta',
    },
    {
      id: 'amount',
      head: words('office.amount'),
      cell: (row) => formats.money(row.amount),
      align: 'end',
      tone: 'strong',
      narrow: 'number',
    },
  ]
  if (list.state === 'failed') return <ProblemState problem={list.problem} again={list.again} />
  return (
    <>
      <Table
        label={words('office.payouts')}
        columns={columns}
        rows={list.value}
        idOf={(row) => row.id}
        empty={<EmptyState title={words('office.no_payouts')} />}
      />
      <LoadMore more={list.more} busy={list.moreBusy} onMore={list.loadMore} />
    </>
  )
}

function PayoutForm({ balance, onDone }: { readonly balance: Balance; readonly onDone: () => void }) {
  const words = useWords('office', 'refusals')
  const formats = useFormats()
  const shop = useShop()
  const [key] = useState(newIdempotencyKey)
  const [amount, setAmount] = useState<number | null>(balance.owed.amount)
  const asking = useAct(requestPayout, { changes: changed })
  const { currency } = balance
  const submit = async () => {
    if (amount === null) return
    const answer = await asking.run({ shopId: shop.id, key, amount: money(amount, currency) })
    if (answer.ok) onDone()
  }
  const tooMuch = amount !== null && amount > balance.owed.amount
  return (
    <form
      className="office-form"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <p className="muted">{words('office.ask_payout_text', { sum: formats.money(balance.owed) })}</p>
      <MoneyInput
        label={words('office.amount')}
        amount={amount}
        currency={currency}
        onChange={setAmount}
        error={tooMuch ? words('refusals.payout_too_large') : undefined}
      />
      <ProblemNote problem={asking.problem} />
      <Button kind="ink" type="submit" busy={asking.busy} disabled={amount === null || amount <= 0 || tooMuch}>
        {words('office.ask_payout_of', { sum: formats.money(money(amount ?? 0, currency)) })}
      </Button>
    </form>
  )
}
