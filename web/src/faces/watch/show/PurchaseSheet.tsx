import { textIn } from '@efir/contract/scalars.ts'
import { useMemo, useState } from 'react'
import { Shot } from '../../../parts/catalog/Shot.tsx'
import { useProblemText } from '../../../parts/face/problem.tsx'
import type { Lot } from '../../../parts/lots/lot.ts'
import { VariantChips } from '../../../parts/lots/VariantChips.tsx'
import { CheckoutSheet } from '../../../parts/orders/CheckoutSheet.tsx'
import type { Step } from '../../../parts/orders/use-checkout.ts'
import type { Items } from '../../../parts/orders/use-form.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { now } from '../../../ui/clock.ts'
import { Stepper } from '../../../ui/NumberInput.tsx'
import { CountdownRing, Price } from '../../../ui/Sale.tsx'
import { useLanguage, useWords } from '../../../ui/words.tsx'
import './PurchaseSheet.css'
import type { Dock, Purchase } from './use-dock.ts'

export interface PurchaseSheetProps {
  readonly dock: Dock
  readonly lot: Lot
  readonly purchase: Purchase
  readonly delayMs: () => number
}

/** The purchase of one lot: what is reserved, for how long, and the checkout. */
export function PurchaseSheet({ dock, lot, purchase, delayMs }: PurchaseSheetProps) {
  const words = useWords('watch', 'refusals')
  const { locale } = useLanguage()
  const [step, setStep] = useState<Step>({ at: 'form', problem: null })
  const { granted } = purchase
  const moment = dock.momentOf(lot)
  const title = textIn(lot.title, locale)
  const items = useMemo<Items | null>(() => {
    if (granted.held) return [{ reservationId: granted.held.reservation.id }]
    return granted.offer === undefined ? null : [{ offer: granted.offer }]
  }, [granted])
  const lapsed = granted.held !== null && step.at === 'form' && granted.held.reservation.expiresAt <= now()
  const price = granted.held?.reservation.price ?? lot.price
  const ring = moment.at === 'yours' || moment.at === 'declined' ? moment : null
  return (
    <CheckoutSheet
      open={dock.openId === lot.id}
      onClose={() => dock.open(null)}
      items={items}
      currency={price.currency}
      title={words('watch.purchase_of', { title })}
      overVideo
      head={
        <div className="purchase-head">
          <span className="purchase-picture">
            <Shot base={lot.picture} alt="" sizes="56px" />
          </span>
          <span className="purchase-name">
            <b>
              <bdi>{title}</bdi>
            </b>
            <Price price={price} before={lot.reference?.price} size="s" />
          </span>
          {ring ? <CountdownRing endsAt={ring.untilAt} totalMs={ring.fullMs} /> : null}
        </div>
      }
      choice={
        lapsed ? (
          <Banner tone="warn">{words('refusals.reservation_gone')}</Banner>
        ) : (
          <Choice dock={dock} lot={lot} purchase={purchase} delayMs={delayMs} />
        )
      }
      onStep={(next) => {
        setStep(next)
        dock.mine.follow(lot.id, next)
      }}
      onOver={() => {
        dock.open(null)
        dock.drop(lot.id)
      }}
      closeText={words('watch.back_to_show')}
    />
  )
}

/** Variant and quantity: the new units are taken before the old ones are given back, so that a wish that fails costs nothing. */
function Choice({ dock, lot, purchase, delayMs }: PurchaseSheetProps) {
  const words = useWords('watch')
  const problemText = useProblemText()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const { granted } = purchase
  const most = Math.min(20, lot.perBuyer)

  async function change(variantId: string, quantity: number): Promise<void> {
    if (busy || (variantId === granted.variantId && quantity === granted.quantity)) return
    setBusy(true)
    setProblem(null)
    const wish = { lotId: lot.id, variantId, quantity, seenVersion: lot.dealVersion, delayMs: delayMs() }
    let answer = await dock.mine.reserve(wish)
    if (answer.ok && granted.held) await dock.mine.release(granted.held, answer.held)
    else if (!answer.ok && answer.problem.refusal === 'lot_limit_reached' && granted.held) {
      // Both together are more than one may take: the old units must go first.
      await dock.mine.release(granted.held, null)
      answer = await dock.mine.reserve(wish)
      if (!answer.ok) answer = await dock.mine.reserve({ ...wish, variantId: granted.variantId, quantity: granted.quantity })
    } else if (!answer.ok && granted.held) dock.mine.keep(granted.held)
    if (answer.ok) dock.regrant(lot.id, answer)
    else setProblem(problemText(answer.problem))
    setBusy(false)
  }
  if (lot.variants.length < 2 && most < 2) return null
  return (
    <div className="purchase-choice" aria-busy={busy || undefined}>
      {lot.variants.length > 1 ? (
        <VariantChips lot={lot} value={granted.variantId} disabled={busy} onChange={(id) => void change(id, granted.quantity)} />
      ) : null}
      {most > 1 ? (
        <Stepper
          label={words('watch.quantity', { n: most })}
          value={granted.quantity}
          min={1}
          max={most}
          disabled={busy}
          onChange={(quantity) => void change(granted.variantId, quantity ?? 1)}
        />
      ) : null}
      {problem ? <Banner tone="danger">{problem}</Banner> : null}
    </div>
  )
}
