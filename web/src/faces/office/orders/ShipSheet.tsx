import { useState } from 'react'
import { Button } from '../../../ui/Button.tsx'
import { Sheet } from '../../../ui/Sheet.tsx'
import { TextInput } from '../../../ui/TextInput.tsx'
import { useWords } from '../../../ui/words.tsx'
import { Failures } from './Failures.tsx'
import type { ParcelRef, Parcels } from './use-parcels.ts'

export interface ShipSheetProps {
  readonly parcels: readonly ParcelRef[] | null
  readonly acts: Parcels
  readonly onClose: () => void
}

const storageKey = 'efir.carrier'

/** One carrier for all, a tracking number for each. */
export function ShipSheet({ parcels, acts, onClose }: ShipSheetProps) {
  const words = useWords('office')
  return (
    <Sheet open={parcels !== null} onClose={onClose} title={words('office.ship_n', { n: parcels?.length ?? 0 })} height="content">
      {parcels ? (
        <ShipForm key={parcels.map((one) => one.parcelId).join()} parcels={parcels} acts={acts} onClose={onClose} />
      ) : null}
    </Sheet>
  )
}

function ShipForm({ parcels, acts, onClose }: ShipSheetProps & { readonly parcels: readonly ParcelRef[] }) {
  const words = useWords('office')
  const [carrier, setCarrier] = useState(() => localStorage.getItem(storageKey) ?? '')
  const [numbers, setNumbers] = useState<Readonly<Record<string, string>>>({})
  const open = parcels.filter((one) => one.open).length
  const submit = async () => {
    localStorage.setItem(storageKey, carrier.trim())
    const shipments = parcels.map((one) => ({ ...one, carrier: carrier.trim(), tracking: (numbers[one.parcelId] ?? '').trim() }))
    if (await acts.ship(shipments)) onClose()
  }
  return (
    <form
      className="office-form"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <TextInput
        label={words('office.carrier')}
        value={carrier}
        onChange={setCarrier}
        maxLength={80}
        dir="auto"
        autoFocus
        autoComplete="off"
      />
      {parcels.map((one) => (
        <TextInput
          key={one.parcelId}
          label={words('office.tracking_of', { label: one.label })}
          optional
          value={numbers[one.parcelId] ?? ''}
          onChange={(text) => setNumbers({ ...numbers, [one.parcelId]: text })}
          maxLength={80}
          dir="ltr"
          autoComplete="off"
        />
      ))}
      {open > 0 ? <p className="muted">{words('office.ship_packs_too', { n: open })}</p> : null}
      <Failures failures={acts.failures} onForget={acts.forget} />
      <Button kind="ink" type="submit" busy={acts.busy} disabled={carrier.trim() === ''}>
        {words('office.ship_do', { n: parcels.length })}
      </Button>
    </form>
  )
}
