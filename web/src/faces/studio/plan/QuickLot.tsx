import { lotBoard, quickLot } from '@efir/contract/lots.ts'
import { useState } from 'react'
import { useAct } from '../../../net/query.ts'
import { ProblemNote } from '../../../parts/face/problem.tsx'
import { type Desk, isOnAir } from '../../../parts/studio/use-desk.ts'
import { Button } from '../../../ui/Button.tsx'
import { MoneyInput, Stepper } from '../../../ui/NumberInput.tsx'
import { Sheet } from '../../../ui/Sheet.tsx'
import { TextInput } from '../../../ui/TextInput.tsx'
import { useWords } from '../../../ui/words.tsx'
import { PhotoField, usePhoto } from './Photo.tsx'

const changed = [lotBoard] as const

interface QuickLotProps {
  readonly desk: Desk
  readonly open: boolean
  readonly onClose: () => void
}

/** What is held into the camera becomes a lot: the photo is already taken, a price is enough. */
export function QuickLot({ desk, open, onClose }: QuickLotProps) {
  const words = useWords('studio')
  return (
    <Sheet open={open} onClose={onClose} title={words('studio.quick_lot')} wide="middle" height="content">
      {open ? <QuickForm desk={desk} onClose={onClose} /> : null}
    </Sheet>
  )
}

function QuickForm({ desk, onClose }: { readonly desk: Desk; readonly onClose: () => void }) {
  const words = useWords('studio')
  const number = Math.max(0, ...desk.lots.map((lot) => lot.number)) + 1
  const [title, setTitle] = useState(() => words('studio.lot_number', { number }))
  const [amount, setAmount] = useState<number | null>(null)
  const [quantity, setQuantity] = useState<number | null>(1)
  const photo = usePhoto(desk.showId, true)
  const making = useAct(quickLot, { changes: changed })
  const currency = desk.show?.currency ?? 'EUR'
  const make = async (pin: boolean) => {
    if (amount === null) return
    const picture = await photo.uploaded()
    if (picture && !picture.ok) return
    const answer = await making.run({
      showId: desk.showId,
      title: title.trim() || words('studio.lot_number', { number }),
      price: { amount, currency },
      quantity: quantity ?? 1,
      ...(picture?.ok ? { pictureId: picture.picture.id } : {}),
    })
    if (!answer.ok) return
    if (pin) await desk.acts.pin(answer.value)
    onClose()
  }
  const airing = isOnAir(desk.show)
  return (
    <form
      className="plan-form"
      onSubmit={(event) => {
        event.preventDefault()
        void make(airing)
      }}
    >
      <div className="quick-top">
        <PhotoField photo={photo} />
        <div className="quick-fields">
          <MoneyInput label={words('studio.live_price')} amount={amount} currency={currency} onChange={setAmount} />
          <Stepper label={words('studio.quantity')} value={quantity} onChange={setQuantity} min={1} max={1000} />
        </div>
      </div>
      <TextInput label={words('studio.item_title')} value={title} onChange={setTitle} maxLength={120} dir="auto" />
      <ProblemNote problem={photo.problem ?? making.problem} />
      <div className="quick-foot">
        {airing ? (
          <Button size="l" disabled={amount === null} busy={making.busy} onPress={() => void make(false)}>
            {words('common.add')}
          </Button>
        ) : (
          <Button size="l" onPress={onClose}>
            {words('common.cancel')}
          </Button>
        )}
        <Button kind="ink" size="l" wide type="submit" disabled={amount === null} busy={making.busy}>
          {words(airing ? 'studio.add_and_pin' : 'studio.add_lot')}
        </Button>
      </div>
    </form>
  )
}
