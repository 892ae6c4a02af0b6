import type { Out } from '@efir/contract/act.ts'
import { markPayoutPaid, openPayouts, platformBalances, refusePayout } from '@efir/contract/ledger.ts'
import { useState } from 'react'
import { useAct, usePages } from '../../../net/query.ts'
import { ProblemNote, ProblemState } from '../../../parts/face/problem.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { LoadMore } from '../../../ui/Paging.tsx'
import { EmptyState } from '../../../ui/State.tsx'
import { type Column, Table } from '../../../ui/Table.tsx'
import { TextInput } from '../../../ui/TextInput.tsx'
import { useFormats, useWords } from '../../../ui/words.tsx'

type Payout = Out<typeof openPayouts>['items'][number]
const changed = [openPayouts, platformBalances] as const

export function PlatformPayouts() {
  const words = useWords('office')
  const formats = useFormats()
  const list = usePages(openPayouts, {})
  const [asked, setAsked] = useState<{ payout: Payout; pay: boolean } | null>(null)
  const columns: readonly Column<Payout>[] = [
    { id: 'shop', head: words('office.shop'), cell: (row) => <bdi>{row.shopName}</bdi>, narrow: 'title' },
    {
      id: 'at',
      head: words('office.when'),
      cell: (row) => formats.date(row.requestedAt, 'dateTime'),
      tone: 'muted',
      narrow: 'state',
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
      id: 'acts',
      head: '',
      align: 'end',
      width: '240px',
      cell: (row) => (
        <span className="row-acts">
          <Button size="s" onPress={() => setAsked({ payout: row, pay: false })}>
            {words('office.refuse')}
          </Button>
          <Button size="s" kind="ink" onPress={() => setAsked({ payout: row, pay: true })}>
            {words('office.mark_paid')}
          </Button>
        </span>
      ),
      narrow: 'meta',
    },
  ]
  return (
    <div className="office-rows">
      {list.state === 'failed' ? (
        <ProblemState problem={list.problem} again={list.again} />
      ) : (
        <Table
          label={words('office.platform_payouts')}
          columns={columns}
          rows={list.value}
          idOf={(row) => row.id}
          empty={<EmptyState title={words('office.no_open_payouts')} text={words('office.no_open_payouts_text')} />}
        />
      )}
      <LoadMore more={list.more} busy={list.moreBusy} onMore={list.loadMore} />
      {asked ? <PayoutDialog key={asked.payout.id} payout={asked.payout} pay={asked.pay} onClose={() => setAsked(null)} /> : null}
    </div>
  )
}

function PayoutDialog({
  payout,
  pay,
  onClose,
}: {
  readonly payout: Payout
  readonly pay: boolean
  readonly onClose: () => void
}) {
  const words = useWords('office', 'refusals')
  const formats = useFormats()
  const [text, setText] = useState('')
  const paying = useAct(markPayoutPaid, { changes: changed })
  const refusing = useAct(refusePayout, { changes: changed })
  const confirm = async () => {
    const answer = pay
      ? await paying.run({ payoutId: payout.id, reference: text.trim() })
      : await refusing.run({ payoutId: payout.id, reason: text.trim() })
    if (answer.ok) onClose()
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={words(pay ? 'office.mark_paid_title' : 'office.refuse_title', {
        sum: formats.money(payout.amount),
        shop: payout.shopName,
      })}
      confirm={words(pay ? 'office.mark_paid' : 'office.refuse')}
      kind={pay ? 'ink' : 'danger'}
      busy={paying.busy || refusing.busy}
      disabled={text.trim() === ''}
      onConfirm={() => void confirm()}
    >
      <TextInput
        label={words(pay ? 'office.bank_reference' : 'office.reason')}
        value={text}
        onChange={setText}
        maxLength={pay ? 120 : 300}
        dir="auto"
        autoFocus
      />
      <ProblemNote problem={paying.problem ?? refusing.problem} />
    </Dialog>
  )
}
