import { useEffect, useMemo, useRef, useState } from 'react'
import { serverNow } from '../../../net/clock.ts'
import { planAt, thumbOf } from '../../../parts/studio/thumb.ts'
import type { Camera } from '../../../parts/studio/use-camera.ts'
import type { Desk } from '../../../parts/studio/use-desk.ts'
import type { Sender } from '../../../parts/studio/use-sender.ts'
import { useNow } from '../../../ui/clock.ts'
import { useKeys } from '../../../ui/keys.ts'
import { useMedia } from '../../../ui/media-query.ts'
import { QuickLot } from '../plan/QuickLot.tsx'
import type { Air } from './air.ts'
import './AirDesk.css'
import { EndDialog } from './EndDialog.tsx'
import { KeysDialog } from './KeysDialog.tsx'
import { PhoneDesk } from './PhoneDesk.tsx'
import { WideDesk } from './WideDesk.tsx'

/** On air: the same state on a phone in the hand, on a tablet beside it and on a moderator's desk. */
export function AirDesk({ desk, camera, sender }: { readonly desk: Desk; readonly camera: Camera; readonly sender: Sender }) {
  const wide = useMedia('(min-width: 820px)')
  const now = useNow(1_000)
  const [panel, setPanel] = useState<Air['panel']>(null)
  const thumb = useMemo(
    () =>
      thumbOf({
        lots: desk.lots,
        items: desk.items,
        online: desk.online && desk.lotsReady,
        slate: desk.slate,
        now: Math.max(now, serverNow() - 1_000),
      }),
    [desk.lots, desk.items, desk.online, desk.lotsReady, desk.slate, now],
  )
  const startedAt = desk.show?.startedAt ?? now
  const plan = planAt(desk.items, startedAt, now)
  const air: Air = { desk, camera, sender, now, startedAt, thumb, plan, panel, show: setPanel }
  const { hand } = desk
  usePlanStart(air)
  useKeys({
    p: () => hand && desk.online && void (hand.pinned ? desk.acts.unpin(hand) : desk.acts.pin(hand)),
    o: () => desk.rights.runs && thumb.does === 'open' && void desk.acts.press(thumb),
    c: () => desk.rights.runs && thumb.does === 'close' && void desk.acts.press(thumb),
    n: () => desk.rights.runs && thumb.does === 'next' && void desk.acts.press(thumb),
    m: () => camera.mute(!camera.muted),
    q: () => desk.rights.runs && setPanel('quick'),
    '/': () => document.querySelector<HTMLInputElement>('.desk-chat-text')?.focus(),
    '?': () => setPanel('keys'),
    Escape: () => setPanel(null),
  })
  const close = () => setPanel(null)
  return (
    <>
      {wide ? <WideDesk air={air} /> : <PhoneDesk air={air} />}
      <QuickLot desk={desk} open={panel === 'quick'} onClose={close} />
      <EndDialog air={air} open={panel === 'end'} onClose={close} />
      <KeysDialog open={panel === 'keys'} onClose={close} />
    </>
  )
}

/** Going on air begins the plan. */
function usePlanStart({ desk, sender, plan }: Air): void {
  const begun = useRef(false)
  const [first] = desk.items
  const due = sender.state.at === 'sending' && desk.show?.state === 'live' && plan.number === 0 && first !== undefined
  useEffect(() => {
    if (!due || begun.current || !first) return
    begun.current = true
    void desk.acts.startItem(first)
  }, [due, first, desk.acts])
}
