import type { Out } from '@efir/contract/act.ts'
import { textIn } from '@efir/contract/scalars.ts'
import { correctStock, receiveStock, stockList, stockOf } from '@efir/contract/stock.ts'
import { useState } from 'react'
import { useAct, useView } from '../../../net/query.ts'
import { ProblemNote, ProblemState } from '../../../parts/face/problem.tsx'
import { Button } from '../../../ui/Button.tsx'
import { RadioGroup } from '../../../ui/Choice.tsx'
import { Stat, StateDot, Stats } from '../../../ui/Marks.tsx'
import { NumberInput } from '../../../ui/NumberInput.tsx'
import { SidePanel } from '../../../ui/Shell.tsx'
import { Skeleton } from '../../../ui/State.tsx'
import { TextInput } from '../../../ui/TextInput.tsx'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import { useShop } from '../frame/shop.ts'
import './Stock.css'
import type { StockRow } from './stock-row.ts'

type Stock = Out<typeof stockOf>
const changed = [stockOf, stockList] as const

interface StockPanelProps {
  readonly row: StockRow | undefined
  readonly variantId: string | null
  readonly onClose: () => void
}

/** One variant: how many, set aside for what, and every change with its cause. */
export function StockPanel({ row, variantId, onClose }: StockPanelProps) {
  const words = useWords('office')
  const { locale } = useLanguage()
  const shop = useShop()
  const view = useView(stockOf, { shopId: shop.id, variantId: variantId ?? '', limit: 100 }, { when: variantId !== null })
  const title = row ? textIn(row.title, locale) : words('office.stock')
  return (
    <SidePanel open={variantId !== null} onClose={onClose} title={title}>
      <header className="panel-head">
        <div className="panel-line muted">
          <bdi>{row?.sku}</bdi>
          <button type="button" className="text-link small panel-close" onClick={onClose}>
            {words('common.close')}
          </button>
        </div>
        <div className="panel-line">
          <h2>
            <bdi>{title}</bdi>
          </h2>
        </div>
      </header>
      {view.state === 'loading' ? <Skeleton height="280px" /> : null}
      {view.state === 'failed' ? <ProblemState problem={view.problem} again={view.again} /> : null}
      {view.state === 'ready' && variantId ? <Body key={variantId} stock={view.value} variantId={variantId} /> : null}
    </SidePanel>
  )
}

function Body({ stock, variantId }: { readonly stock: Stock; readonly variantId: string }) {
  const words = useWords('office')
  const formats = useFormats()
  const { level, journal } = stock
  // Closed lots have given back what was left of them.
  const quotas = stock.quotas.filter((one) => one.open || one.left > 0)
  return (
    <>
      <div className="panel-section">
        <Stats>
          <Stat label={words('office.on_hand')} value={formats.number(level.onHand)} />
          <Stat label={words('office.aside')} value={formats.number(level.allotted)} />
          <Stat label={words('office.free')} value={formats.number(level.free)} />
        </Stats>
        <StockLine journal={journal.items} />
      </div>
      <ChangeForm variantId={variantId} onHand={level.onHand} />
      {quotas.length > 0 ? (
        <section className="panel-section">
          <h3>{words('office.set_aside_for')}</h3>
          {quotas.map((quota) => (
            <div key={quota.allotmentId} className="quota">
              <StateDot state={quota.open ? 'todo' : 'off'}>
                {quota.use === 'shelf' ? words('office.use_shelf') : quota.use === 'lot' ? words('office.use_lot') : quota.use}
              </StateDot>
              <span className="muted small">
                {words('office.quota_text', {
                  left: formats.number(quota.left),
                  quota: formats.number(quota.quota),
                  held: formats.number(quota.held + quota.committed),
                })}
              </span>
            </div>
          ))}
        </section>
      ) : null}
      <section className="panel-section">
        <h3>{words('office.journal')}</h3>
        <table className="journal">
          <tbody>
            {journal.items.map((one) => (
              <tr key={one.id}>
                <td className="muted">{formats.date(one.at, 'dateTime')}</td>
                <td>
                  {words(`office.cause_${one.cause}`)}
                  {one.note || one.by ? (
                    <small className="muted" dir="auto">
                      {[one.by, one.note].filter(Boolean).join(' · ')}
                    </small>
                  ) : null}
                </td>
                <td>{signed(formats.number(one.onHandDelta), one.onHandDelta)}</td>
                <td className="muted">{formats.number(one.onHandAfter)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {journal.items.length === 0 ? <p className="muted">{words('common.empty')}</p> : null}
      </section>
    </>
  )
}

const signed = (text: string, value: number): string => (value > 0 ? `+${text}` : text)

type Way = 'receive' | 'correct'

function ChangeForm({ variantId, onHand }: { readonly variantId: string; readonly onHand: number }) {
  const words = useWords('office', 'refusals')
  const shop = useShop()
  const [way, setWay] = useState<Way>('receive')
  const [count, setCount] = useState<number | null>(null)
  const [note, setNote] = useState('')
  const receiving = useAct(receiveStock, { changes: changed })
  const correcting = useAct(correctStock, { changes: changed })
  const where = { shopId: shop.id, variantId }
  const submit = async () => {
    if (count === null) return
    const answer =
      way === 'receive'
        ? await receiving.run({ ...where, quantity: count, ...(note.trim() ? { note: note.trim() } : {}) })
        : await correcting.run({ ...where, onHand: count, note: note.trim() })
    if (!answer.ok) return
    setCount(null)
    setNote('')
  }
  const fits = count !== null && Number.isInteger(count) && (way === 'receive' ? count >= 1 : count >= 0 && note.trim() !== '')
  return (
    <form
      className="panel-section"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <RadioGroup<Way>
        hideLabel
        label={words('office.change_stock')}
        look="chips"
        value={way}
        onChange={(next) => {
          setWay(next)
          setCount(next === 'correct' ? onHand : null)
        }}
        options={[
          { value: 'receive', label: words('office.receive') },
          { value: 'correct', label: words('office.correct') },
        ]}
      />
      <div className="office-form-pair">
        <NumberInput
          size="s"
          label={words(way === 'receive' ? 'office.came_in' : 'office.counted')}
          value={count}
          min={way === 'receive' ? 1 : 0}
          max={1_000_000}
          onChange={setCount}
        />
        <TextInput
          size="s"
          label={words(way === 'receive' ? 'office.document' : 'office.reason')}
          optional={way === 'receive'}
          value={note}
          onChange={setNote}
          maxLength={500}
          dir="auto"
        />
      </div>
      <ProblemNote problem={receiving.problem ?? correcting.problem} />
      <div>
        <Button size="s" kind="ink" type="submit" busy={receiving.busy || correcting.busy} disabled={!fits}>
          {words(way === 'receive' ? 'office.receive' : 'office.correct')}
        </Button>
      </div>
    </form>
  )
}

/** Stock moves in steps, never smoothly. Time runs from left to right in every script. */
function StockLine({ journal }: { readonly journal: Stock['journal']['items'] }) {
  const words = useWords('office')
  const points = [...journal].reverse()
  const first = points[0]
  const last = points.at(-1)
  if (!first || !last || points.length < 2) return null
  const most = Math.max(1, ...points.map((one) => one.onHandAfter))
  const spanMs = Math.max(1, last.at - first.at)
  const x = (at: number) => ((at - first.at) / spanMs) * 296 + 2
  const y = (value: number) => 46 - (value / most) * 42
  const path = points.reduce(
    (line, one, index) => (index === 0 ? `M${x(one.at)} ${y(one.onHandAfter)}` : `${line}H${x(one.at)}V${y(one.onHandAfter)}`),
    '',
  )
  return (
    <svg className="stock-line" viewBox="0 0 300 48" role="img" aria-label={words('office.stock_over_time')}>
      <path d={`${path}H298`} fill="none" stroke="var(--p-viewers)" strokeWidth="1.5" vectorEffect="non-scaling-stroke" />
    </svg>
  )
}
