import { countdown } from '@efir/words/formats.ts'
import { Pin, PinOff, Plus } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Thumb } from '../../../parts/studio/thumb.ts'
import { cx } from '../../../ui/cx.ts'
import { useFormats, useWords } from '../../../ui/words.tsx'
import type { Air } from './air.ts'
import './Actions.css'
import { SlateHold } from './SlateHold.tsx'

/** The words on the thumb's button, and under them what it costs. */
export function useThumbText(thumb: Thumb, now: number): { readonly text: string; readonly under: ReactNode } {
  const words = useWords('studio')
  const formats = useFormats()
  switch (thumb.does) {
    case 'wait_network':
      return { text: words('studio.waiting_network'), under: null }
    case 'back_on_air':
      return { text: words('studio.back_on_air'), under: words('studio.back_on_air_text') }
    case 'quick_lot':
      return { text: words('studio.quick_lot'), under: words('studio.quick_lot_under') }
    case 'open':
      return {
        text: words('studio.open_lot'),
        under: words('studio.open_under', { n: thumb.lot.quota, price: formats.price(thumb.lot.price) }),
      }
    case 'soon':
      return { text: words('studio.soon', { time: countdown(thumb.opensAt - now) }), under: words('studio.soon_under') }
    case 'close':
      return { text: words('studio.close_lot'), under: words('studio.stay_unsold', { n: thumb.lot.left }) }
    case 'next':
      return { text: words('studio.next_lot'), under: words('studio.lot_number', { number: thumb.lot.number }) }
    case 'all_sold':
      return { text: words('studio.quick_lot'), under: words('studio.all_lots_over') }
  }
}

const looks: Readonly<Record<Thumb['does'], 'signal' | 'ink' | 'outline'>> = {
  wait_network: 'outline',
  back_on_air: 'signal',
  quick_lot: 'ink',
  open: 'signal',
  soon: 'outline',
  close: 'signal',
  next: 'ink',
  all_sold: 'ink',
}
export const isIdle = (thumb: Thumb): boolean => thumb.does === 'wait_network' || thumb.does === 'soon'
export const pressThumb = ({ thumb, desk, show }: Air): void => {
  if (thumb.does === 'quick_lot' || thumb.does === 'all_sold') show('quick')
  else void desk.acts.press(thumb)
}

export function Actions({ air }: { readonly air: Air }) {
  const { desk, thumb } = air
  if (thumb.does === 'back_on_air')
    return (
      <div className="actions actions-whole">
        <ThumbButton air={air} />
      </div>
    )
  return (
    <div className="actions">
      <PinButton air={air} />
      {desk.rights.runs ? <ThumbButton air={air} /> : <QuietState air={air} />}
      <SlateHold disabled={!desk.online} onHeld={() => void desk.acts.slate(true)} />
    </div>
  )
}

function ThumbButton({ air }: { readonly air: Air }) {
  const { thumb, desk, now } = air
  const { text, under } = useThumbText(thumb, now)
  return (
    <button
      type="button"
      className={cx('thumb', `thumb-${looks[thumb.does]}`)}
      data-does={thumb.does}
      disabled={isIdle(thumb)}
      aria-busy={desk.acts.busy || undefined}
      onClick={() => !desk.acts.busy && pressThumb(air)}
    >
      <span className="thumb-text">
        {thumb.does === 'quick_lot' || thumb.does === 'all_sold' ? <Plus size={24} aria-hidden /> : null}
        {text}
      </span>
      {under ? <small>{under}</small> : null}
    </button>
  )
}

/** Moderators see what the host does; opening and closing is not theirs. */
function QuietState({ air }: { readonly air: Air }) {
  const words = useWords('studio')
  const lot = air.desk.hand
  return <p className="thumb thumb-outline thumb-quiet">{lot ? words(`studio.deal_${lot.state}`) : words('studio.no_lots')}</p>
}

function PinButton({ air }: { readonly air: Air }) {
  const words = useWords('studio')
  const { desk } = air
  const lot = desk.hand
  const pinned = lot?.pinned !== undefined
  const Icon = pinned ? PinOff : Pin
  return (
    <button
      type="button"
      className="side-action glass"
      disabled={!lot || !desk.online}
      aria-pressed={pinned}
      onClick={() => {
        if (lot && !desk.acts.busy) void (pinned ? desk.acts.unpin(lot) : desk.acts.pin(lot))
      }}
    >
      <Icon size={24} aria-hidden />
      {words(pinned ? 'studio.unpin' : 'studio.pin')}
    </button>
  )
}
