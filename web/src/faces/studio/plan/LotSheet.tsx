import { changeLot, lotBoard } from '@efir/contract/lots.ts'
import { textIn } from '@efir/contract/scalars.ts'
import { useState } from 'react'
import { useAct } from '../../../net/query.ts'
import { ProblemNote } from '../../../parts/face/problem.tsx'
import type { DeskLot, PlanItem } from '../../../parts/studio/thumb.ts'
import { Button } from '../../../ui/Button.tsx'
import { NumberInput } from '../../../ui/NumberInput.tsx'
import { Sheet } from '../../../ui/Sheet.tsx'
import { useLanguage, useWords } from '../../../ui/words.tsx'
import { LotDeal } from './LotDeal.tsx'
import { TermsFields } from './TermsFields.tsx'
import { type Terms, termsFit } from './terms.ts'

const changed = [lotBoard] as const

const termsOf = (lot: DeskLot): Terms => ({
  amount: lot.price.amount,
  quota: lot.quota,
  perBuyer: lot.perBuyer,
  windowMs: lot.windowMs ?? 0,
  reference: lot.reference === undefined ? 'none' : lot.reference.basis === 'makers_price' ? 'maker' : 'history',
  makersAmount: lot.reference?.basis === 'makers_price' ? lot.reference.price.amount : null,
  guard: lot.guard,
})

/** The terms of a lot that exists. */
interface LotSheetProps {
  readonly lot: DeskLot
  /** Its place in the plan. */
  readonly item: PlanItem | null
  readonly onClose: () => void
  readonly onPlan: (plannedSeconds: number) => Promise<boolean>
}

export function LotSheet({ lot, item, onClose, onPlan }: LotSheetProps) {
  const words = useWords('studio')
  const { locale } = useLanguage()
  const [terms, setTerms] = useState(() => termsOf(lot))
  const changing = useAct(changeLot, { changes: changed })
  const [minutes, setMinutes] = useState<number | null>(item ? Math.round(item.plannedSeconds / 60) : null)
  const running = lot.state === 'open' || lot.state === 'counting'
  const { currency } = lot.price
  const save = async () => {
    const before = termsOf(lot)
    const reference =
      terms.reference === 'none'
        ? null
        : terms.reference === 'maker'
          ? { price: { amount: terms.makersAmount ?? 0, currency }, basis: 'makers_price' as const }
          : undefined
    const answer = await changing.run({
      lotId: lot.id,
      ...(terms.quota !== before.quota ? { quota: terms.quota ?? 1 } : {}),
      ...(terms.windowMs !== before.windowMs ? { windowMs: terms.windowMs === 0 ? null : terms.windowMs } : {}),
      ...(running
        ? {}
        : {
            price: { amount: terms.amount ?? 0, currency },
            perBuyer: terms.perBuyer ?? 1,
            guard: terms.guard,
            ...(reference === undefined ? {} : { reference }),
          }),
    })
    const seconds = (minutes ?? 0) * 60
    const planned = item === null || minutes === null || seconds === item.plannedSeconds || (await onPlan(seconds))
    if (answer.ok && planned) onClose()
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
      <div className="plan-form">
        <TermsFields value={terms} currency={currency} onChange={setTerms} stock={lot.stockFree} running={running} mayBeNone />
        {item ? <NumberInput label={words('studio.minutes')} value={minutes} onChange={setMinutes} min={0} max={240} /> : null}
        <ProblemNote problem={changing.problem} />
        <LotDeal lot={lot} />
      </div>
    </Sheet>
  )
}
