import { textIn } from '@efir/contract/scalars.ts'
import { changeLot, lotBoard } from '@efir/contract/lots.ts'
import { useState } from 'react'
import { ProblemNote } from '../../../parts/face/problem.tsx'
import type { DeskLot } from '../../../parts/studio/thumb.ts'
import { useAct } from '../../../net/query.ts'
import { Button } from '../../../ui/Button.tsx'
import { Sheet } from '../../../ui/Sheet.tsx'
import { useLanguage, useWords } from '../../../ui/words.tsx'
import { type Terms, termsFit } from './terms.ts'
import { TermsFields } from './TermsFields.tsx'

const changed = [lotBoard] as const

const termsOf = (lot: DeskLot): Terms => ({
  amount: lot.price.amount,
  quota: lot.quota,
  perBuyer: lot.perBuyer,
  windowMs: lot.windowMs ?? 0,
  reference: lot.reference === undefined ? 'none' : lot.reference.basis === 'makers_price' ? 'maker' : 'history',
  makersAmount: lot.reference?.basis === 'makers_price' ? lot.reference.price.amount : null,
})

/** The terms of a lot that exists. */
export function LotSheet({ lot, onClose }: { readonly lot: DeskLot; readonly onClose: () => void }) {
  const words = useWords('studio')
  const { locale } = useLanguage()
  const [terms, setTerms] = useState(() => termsOf(lot))
  const changing = useAct(changeLot, { changes: changed })
  const running = lot.state === 'open' || lot.state === 'counting'
  const { currency } = lot.price
  const save = async () => {
    const before = termsOf(lot)
    const reference = terms.reference === 'none' ? null : terms.reference === 'maker' ? { price: { amount: terms.makersAmount ?? 0, currency }, basis: 'makers_price' as const } : undefined
    const answer = await changing.run({
      lotId: lot.id,
      ...(terms.quota !== before.quota ? { quota: terms.quota ?? 1 } : {}),
      ...(terms.windowMs !== before.windowMs && terms.windowMs > 0 ? { windowMs: terms.windowMs } : {}),
      ...(running ? {} : { price: { amount: terms.amount ?? 0, currency }, perBuyer: terms.perBuyer ?? 1, ...(reference === undefined ? {} : { reference }) }),
    })
    if (answer.ok) onClose()
  }
  return (
    <Sheet
      open
      onClose={onClose}
      title={textIn(lot.title, locale)}
      wide="middle"
      height="content"
      footer={
        <Button kind="ink" size="l" wide busy={changing.busy} disabled={!termsFit(terms)} onPress={() => void save()}>
          {words('common.save')}
        </Button>
      }
    >
      <TermsFields value={terms} currency={currency} onChange={setTerms} stock={lot.stockFree} running={running} mayBeNone />
      <ProblemNote problem={changing.problem} />
    </Sheet>
  )
}
