import type { Out } from '@efir/contract/act.ts'
import { openPayments, reconcilePayment } from '@efir/contract/payments.ts'
import { RefreshCw } from 'lucide-react'
import { useAct, usePages } from '../../../net/query.ts'
import { ProblemNote, ProblemState } from '../../../parts/face/problem.tsx'
import { Button } from '../../../ui/Button.tsx'
import { LoadMore } from '../../../ui/Paging.tsx'
import { EmptyState } from '../../../ui/State.tsx'
import { type Column, Table } from '../../../ui/Table.tsx'
import { useFormats, useWords } from '../../../ui/words.tsx'

type Payment = Out<typeof openPayments>['items'][number]
const changed = [openPayments] as const

export function PlatformPayments() {
  const words = useWords('office', 'refusals')
  const formats = useFormats()
  const list = usePages(openPayments, {}, { everyMs: 30_000 })
  const asking = useAct(reconcilePayment, { changes: changed })
  const columns: readonly Column<Payment>[] = [
    { id: 'id', head: words('office.payment'), cell: (row) => <bdi>{row.id.slice(-8)}</bdi>, tone: 'muted', width: '110px' },
    {
      id: 'since',
      head: words('office.since_when'),
      cell: (row) => formats.date(row.since, 'dateTime'),
      tone: 'muted',
      narrow: 'meta',
    },
    { id: 'state', head: words('office.state'), cell: (row) => words(`office.payment_${row.state}`), narrow: 'title' },
    {
      id: 'wanted',
      head: words('office.waits_for'),
      cell: (row) =>
        [row.wanted, row.refundsWaiting > 0 ? words('office.n_refunds', { n: row.refundsWaiting }) : '']
          .filter(Boolean)
          .join(', ') || '–',
      tone: 'muted',
      narrow: 'state',
    },
    { id: 'provider', head: words('office.provider'), cell: (row) => row.provider, tone: 'muted' },
    {
      id: 'asked',
      head: words('office.times_asked'),
      cell: (row) => formats.number(row.asked),
      align: 'end',
      tone: 'muted',
      width: '110px',
    },
    {
      id: 'amount',
      head: words('office.amount'),
      cell: (row) => formats.money(row.amount),
      align: 'end',
      tone: 'strong',
      width: '130px',
      narrow: 'number',
    },
    {
      id: 'acts',
      head: '',
      align: 'end',
      width: '150px',
      cell: (row) => (
        <Button size="s" icon={RefreshCw} busy={asking.busy} onPress={() => void asking.run({ paymentId: row.id })}>
          {words('office.ask_now')}
        </Button>
      ),
    },
  ]
  return (
    <div className="office-rows">
      {asking.problem ? (
        <div className="office-note">
          <ProblemNote problem={asking.problem} />
        </div>
      ) : null}
      {list.state === 'failed' ? (
        <ProblemState problem={list.problem} again={list.again} />
      ) : (
        <Table
          label={words('office.platform_payments')}
          columns={columns}
          rows={list.value}
          idOf={(row) => row.id}
          empty={<EmptyState title={words('office.no_open_payments')} text={words('office.no_open_payments_text')} />}
        />
      )}
      <LoadMore more={list.more} busy={list.moreBusy} onMore={list.loadMore} />
    </div>
  )
}
