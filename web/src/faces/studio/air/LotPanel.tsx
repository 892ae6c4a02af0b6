import { textIn } from '@efir/contract/scalars.ts'
import { countdown } from '@efir/words/formats.ts'
import { Shot } from '../../../parts/catalog/Shot.tsx'
import { type DeskLot, isOver } from '../../../parts/studio/thumb.ts'
import { Skeleton } from '../../../ui/State.tsx'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import type { Air } from './air.ts'
import './LotPanel.css'

/** Sold, being paid and left, as one bar; the shape differs, not the colour alone. */
export function SoldBar({ lot }: { readonly lot: DeskLot }) {
  const words = useWords('studio')
  const formats = useFormats()
  const over = isOver(lot)
  // After the end nothing is left to buy, but some may have stayed unsold.
  const rest = Math.max(0, lot.quota - lot.sold - lot.paying)
  const facts = {
    sold: formats.number(lot.sold),
    paying: formats.number(lot.paying),
    left: formats.number(over ? rest : lot.left),
  }
  return (
    <div className="sold">
      <div className="sold-bar" aria-hidden="true">
        {lot.sold > 0 ? <i className="sold-sold" style={{ flexGrow: lot.sold }} /> : null}
        {lot.paying > 0 ? <i className="sold-paying" style={{ flexGrow: lot.paying }} /> : null}
        {rest > 0 ? <i style={{ flexGrow: rest }} /> : null}
      </div>
      <dl>
        <div>
          <dt>{words('studio.sold')}</dt>
          <dd>{facts.sold}</dd>
        </div>
        <div>
          <dt>{words('studio.paying')}</dt>
          <dd>{facts.paying}</dd>
        </div>
        <div>
          <dt>{words(over ? 'studio.unsold_of' : 'studio.left_of', { quota: formats.number(lot.quota) })}</dt>
          <dd>{facts.left}</dd>
        </div>
      </dl>
    </div>
  )
}

/** Counts by the server's clock: to the opening, then to the end. */
export function LotClock({ lot, now }: { readonly lot: DeskLot; readonly now: number }) {
  const words = useWords('studio')
  if (lot.state === 'counting' && lot.opensAt !== undefined && lot.opensAt > now)
    return (
      <b className="lot-clock lot-clock-soon" role="timer">
        {countdown(lot.opensAt - now)}
      </b>
    )
  if (lot.state !== 'open' && lot.state !== 'counting')
    return <span className="lot-clock-word">{words(`studio.deal_${lot.state}`)}</span>
  if (lot.closesAt === undefined) return <span className="lot-clock-word lot-clock-live">{words('studio.deal_open')}</span>
  if (lot.closesAt <= now) return <span className="lot-clock-word">{words('studio.deal_closing')}</span>
  return (
    <b className="lot-clock" role="timer">
      {countdown(lot.closesAt - now)}
    </b>
  )
}

export function LotPanel({ air }: { readonly air: Air }) {
  const words = useWords('studio')
  const formats = useFormats()
  const { locale } = useLanguage()
  const { desk, now } = air
  const lot = desk.hand
  if (!desk.lotsReady) return <Skeleton height="126px" />
  if (!lot)
    return (
      <section className="glass lot-panel lot-panel-empty" aria-label={words('studio.lot')}>
        <p>{words('studio.no_lots')}</p>
      </section>
    )
  const title = textIn(lot.title, locale)
  return (
    <section className="glass lot-panel" aria-label={words('studio.lot')}>
      <div className="lot-panel-name">
        <Shot base={lot.picture} alt="" sizes="44px" className="lot-panel-shot" />
        <span>
          <b className="ellipsis">
            <bdi>{title}</bdi>
          </b>
          <small className="ellipsis">
            {words('studio.lot_number', { number: lot.number })} · <bdi>{formats.price(lot.price)}</bdi>
            {lot.pinned ? ` · ${words('studio.on_screens')}` : ''}
          </small>
        </span>
      </div>
      {lot.link ? (
        <span className="lot-clock-word">{words('studio.clicks', { n: lot.clicks })}</span>
      ) : (
        <LotClock lot={lot} now={now} />
      )}
      {lot.link ? null : <SoldBar lot={lot} />}
    </section>
  )
}
