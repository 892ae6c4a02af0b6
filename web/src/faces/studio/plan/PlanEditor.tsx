import { textIn } from '@efir/contract/scalars.ts'
import { ExternalLink, MessageSquarePlus, Plus, Zap } from 'lucide-react'
import { useState } from 'react'
import { ProblemNote } from '../../../parts/face/problem.tsx'
import type { DeskLot, PlanAt, PlanItem } from '../../../parts/studio/thumb.ts'
import type { Desk } from '../../../parts/studio/use-desk.ts'
import { Button } from '../../../ui/Button.tsx'
import { EmptyState, Skeleton } from '../../../ui/State.tsx'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import { AddLot } from './AddLot.tsx'
import { LinkLot } from './LinkLot.tsx'
import { LotSheet } from './LotSheet.tsx'
import './PlanEditor.css'
import { PlanRow } from './PlanRow.tsx'
import { QuickLot } from './QuickLot.tsx'
import { useReorder } from './reorder.ts'
import { TalkSheet } from './TalkSheet.tsx'
import { type Plan, usePlan } from './use-plan.ts'

type Open =
  | { readonly at: 'add' | 'quick' | 'link' }
  | { readonly at: 'talk'; readonly item: PlanItem | null }
  | { readonly at: 'lot'; readonly lot: DeskLot; readonly item: PlanItem | null }
  | null

/** What is said and sold, in which order and for how long. */
export function PlanEditor({ desk, plan: at }: { readonly desk: Desk; readonly plan?: PlanAt }) {
  const words = useWords('studio')
  const formats = useFormats()
  const [open, setOpen] = useState<Open>(null)
  const [said, setSaid] = useState('')
  const plan = usePlan(desk)
  const { items, loose } = plan
  const may = desk.rights.runs
  const reorder = useReorder(items.length, (from, to) => {
    plan.move(from, to)
    setSaid(words('studio.moved', { title: items[from]?.title ?? '', place: to + 1, of: items.length }))
  })
  const totalMs = items.reduce((sum, item) => sum + item.plannedSeconds * 1000, 0)
  if (!desk.lotsReady && !desk.lotsProblem) return <Skeleton height="240px" />
  return (
    <div className="plan">
      {items.length === 0 && loose.length === 0 ? (
        <EmptyState title={words('studio.plan_empty')} text={words('studio.plan_empty_text')} />
      ) : null}
      <ol className="plan-list">
        {items.map((item, index) => (
          <PlanRow
            key={item.id}
            item={item}
            index={index}
            lot={desk.lots.find((lot) => lot.id === item.lotId) ?? null}
            now={at?.now?.id === item.id}
            handle={may ? reorder.handle(index) : null}
            drag={reorder.drag}
            onEdit={may ? (lot) => setOpen(lot ? { at: 'lot', lot, item } : { at: 'talk', item }) : null}
            onStart={may && at ? () => void desk.acts.startItem(item) : null}
            onRemove={may ? () => void plan.remove(item) : null}
          />
        ))}
      </ol>
      <p className="hidden-text" aria-live="polite">
        {said}
      </p>
      {loose.length > 0 ? <Loose plan={plan} may={may} onEdit={(lot) => setOpen({ at: 'lot', lot, item: null })} /> : null}
      {items.length > 0 ? <p className="muted">{words('studio.plan_total', { time: formats.duration(totalMs) })}</p> : null}
      <ProblemNote problem={plan.problem ?? desk.lotsProblem} />
      {may ? (
        <div className="plan-add">
          <Button icon={Plus} onPress={() => setOpen({ at: 'add' })}>
            {words('studio.add_lot')}
          </Button>
          <Button icon={Zap} onPress={() => setOpen({ at: 'quick' })}>
            {words('studio.quick_lot')}
          </Button>
          <Button icon={ExternalLink} onPress={() => setOpen({ at: 'link' })}>
            {words('studio.link_lot')}
          </Button>
          <Button icon={MessageSquarePlus} onPress={() => setOpen({ at: 'talk', item: null })}>
            {words('studio.add_talk')}
          </Button>
        </div>
      ) : null}
      <PlanSheets desk={desk} plan={plan} open={open} onClose={() => setOpen(null)} />
    </div>
  )
}

function Loose({ plan, may, onEdit }: { readonly plan: Plan; readonly may: boolean; readonly onEdit: (lot: DeskLot) => void }) {
  const words = useWords('studio')
  const formats = useFormats()
  const { locale } = useLanguage()
  return (
    <section aria-label={words('studio.not_planned')}>
      <h3 className="plan-small">{words('studio.not_planned')}</h3>
      <ul className="plan-list">
        {plan.loose.map((lot) => (
          <li key={lot.id} className="plan-loose">
            <b className="ellipsis">
              <bdi>{textIn(lot.title, locale)}</bdi>
            </b>
            <span className="muted">{formats.price(lot.price)}</span>
            {may ? (
              <>
                <Button size="s" onPress={() => onEdit(lot)}>
                  {words('common.edit')}
                </Button>
                <Button size="s" busy={plan.busy} onPress={() => void plan.addLot(lot)}>
                  {words('studio.to_plan')}
                </Button>
              </>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  )
}

interface PlanSheetsProps {
  readonly desk: Desk
  readonly plan: Plan
  readonly open: Open
  readonly onClose: () => void
}

function PlanSheets({ desk, plan, open, onClose }: PlanSheetsProps) {
  const changed = (item: PlanItem, part: Partial<PlanItem>) =>
    plan.save(desk.items.map((one) => (one.id === item.id ? { ...one, ...part } : one)))
  return (
    <>
      <AddLot desk={desk} open={open?.at === 'add'} onClose={onClose} onAdded={(lot) => void plan.addLot(lot)} />
      <QuickLot desk={desk} open={open?.at === 'quick'} onClose={onClose} />
      <LinkLot desk={desk} open={open?.at === 'link'} onClose={onClose} />
      {open?.at === 'lot' ? (
        <LotSheet
          // As it is now: its deal may move while the sheet is open.
          lot={desk.lots.find((one) => one.id === open.lot.id) ?? open.lot}
          item={open.item}
          onClose={onClose}
          onPlan={async (plannedSeconds) => open.item === null || (await changed(open.item, { plannedSeconds }))}
        />
      ) : null}
      {open?.at === 'talk' ? (
        <TalkSheet
          item={open.item}
          busy={plan.busy}
          onClose={onClose}
          onSave={async (draft) => {
            const saved = open.item
              ? await changed(open.item, draft)
              : await plan.save([...desk.items, { kind: 'talk', ...draft }])
            if (saved) onClose()
          }}
        />
      ) : null}
    </>
  )
}
