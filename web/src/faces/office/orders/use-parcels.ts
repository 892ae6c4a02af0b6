import { deliverParcel, orderCounts, packing, packParcel, shipParcel, shopOrder, shopOrders } from '@efir/contract/orders.ts'
import { useRef, useState } from 'react'
import { call, type Problem } from '../../../net/api.ts'
import { refresh } from '../../../net/query.ts'

/** One or more parcels that go the same step; `label` names it when it would not go. */
export interface ParcelRef {
  readonly parcelId: string
  readonly label: string
  readonly open: boolean
}

export interface Failure {
  readonly label: string
  readonly problem: Problem
}

export interface Shipment extends ParcelRef {
  readonly carrier: string
  readonly tracking: string
}

/** Packing, shipping, delivering: parcel after parcel, so that each one answers for itself. */
export function useParcels(shopId: string) {
  const [busy, setBusy] = useState(false)
  const [failures, setFailures] = useState<readonly Failure[]>([])
  const running = useRef(false)

  const each = async <T extends ParcelRef>(
    parcels: readonly T[],
    one: (parcel: T) => Promise<Problem | null>,
  ): Promise<boolean> => {
    if (running.current) return false
    running.current = true
    setBusy(true)
    setFailures([])
    const wrong: Failure[] = []
    for (const parcel of parcels) {
      const problem = await one(parcel)
      if (problem) wrong.push({ label: parcel.label, problem })
    }
    await refresh(shopOrders, orderCounts, packing, shopOrder)
    running.current = false
    setFailures(wrong)
    setBusy(false)
    return wrong.length === 0
  }
  const packOne = async ({ parcelId }: ParcelRef) => problemOf(await call(packParcel, { shopId, parcelId }))
  return {
    busy,
    failures,
    forget: () => setFailures([]),
    pack: (parcels: readonly ParcelRef[]) => each(unique(parcels), packOne),
    ship: (parcels: readonly Shipment[]) =>
      each(unique(parcels), async (parcel) => {
        const { parcelId, carrier, tracking, open } = parcel
        const unpacked = open ? await packOne(parcel) : null
        return unpacked ?? problemOf(await call(shipParcel, { shopId, parcelId, carrier, tracking }))
      }),
    deliver: (parcels: readonly ParcelRef[]) =>
      each(unique(parcels), async ({ parcelId }) => problemOf(await call(deliverParcel, { shopId, parcelId }))),
  }
}

export type Parcels = ReturnType<typeof useParcels>

const problemOf = (answer: { readonly ok: boolean }): Problem | null => (answer.ok ? null : (answer as Problem))

/** Orders of one show lie in one parcel: it goes once. */
function unique<T extends ParcelRef>(parcels: readonly T[]): T[] {
  return [...new Map(parcels.map((one) => [one.parcelId, one])).values()]
}
