import { textIn } from '@efir/contract/scalars.ts'
import { lotBoard, removeLot } from '@efir/contract/lots.ts'
import { rundown, setRundown } from '@efir/contract/shows.ts'
import { MessageSquarePlus, Plus, Zap } from 'lucide-react'
import { useState } from 'react'
import { ProblemNote } from '../../../parts/face/problem.tsx'
import type { DeskLot, PlanAt, PlanItem } from '../../../parts/studio/thumb.ts'
import type { Desk } from '../../../parts/studio/use-desk.ts'
import { useAct } from '../../../net/query.ts'
import { Button } from '../../../ui/Button.tsx'
import { EmptyState, Skeleton } from '../../../ui/State.tsx'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import { AddLot } from './AddLot.tsx'
import { LotSheet } from './LotSheet.tsx'
import './PlanEditor.css'
import { PlanRow } from './PlanRow.tsx'
import { QuickLot } from './QuickLot.tsx'
import { moved, useReorder } from './reorder.ts'
import { TalkSheet } from './TalkSheet.tsx'

type Draft = Pick<PlanItem, 'kind' | 'title' | 'note' | 'plannedSeconds' | 'lotId'> & { readonly id?: PlanItem['id'] }
type Open = { readonly at: 'add' | 'quick' } | { readonly at: 'talk'; readonly item: PlanItem | null } | { readonly at: 'lot'; readonly lot: DeskLot } | null

const planChanged = [rundown] as const
const lotsChanged = [lotBoard, rundown] as const
const usualSeconds = 600

/** What is said and sold, in which order and for how long. */
export function PlanEditor({ desk, plan }: { readonly desk: Desk; readonly plan?: PlanAt }) {
  const words = useWords('studio')
  const formats = useFormats()
  const { locale } = useLanguage()
  const [open, setOpen] = useState<Open>(null)
  const [order, setOrder] = useState<readonly PlanItem[] | null>(null)
  const [said, setSaid] = useState('')
  const saving = useAct(setRundown, { changes: planChanged })
  const removing = useAct(removeLot, { changes: lotsChanged })
  const items = order ?? desk.items
  const may = desk.rights.runs
  const save = async (next: readonly Draft[]) => {
    const answer = await saving.run({
      showId: desk.showId,
      items: next.map(({ id, kind, title, note, plannedSeconds, lotId }) => ({ kind, title, note, plannedSeconds, ...(id ? { id } : {}), ...(lotId ? { lotId } : {}) })),
    })
    setOrder(null)
    return answer.ok
  }
  const move = (from: number, to: number) => {
    const next = moved(items, from, to)
    setOrder(next)
    setSaid(words('studio.moved', { title: items[from]?.title ?? '', place: to + 1, of: items.length }))
    void save(next)
  }
  const reorder = useReorder(items.length, move)
  const addLot = (lot: DeskLot) => save([...desk.items, { kind: 'lot', title: textIn(lot.title, locale).slice(0, 120), note: '', plannedSeconds: usualSeconds, lotId: lot.id }])
  const remove = async (item: PlanItem) => {
    const lot = desk.lots.find((one) => one.id === item.lotId)
    if (lot && lot.state !== 'open' && lot.state !== 'counting' && lot.sold === 0) await removing.run({ lotId: lot.id })
    await save(desk.items.filter((one) => one.id !== item.id))
  }
  const loose = desk.lots.filter((lot) => !desk.items.some((item) => item.lotId === lot.id))
  const totalMs = items.reduce((sum, item) => sum + item.plannedSeconds * 1000, 0)
  if (!desk.lotsReady && !desk.lotsProblem) return <Skeleton height="240px" />
  return (
    <div className="plan">
      {items.length === 0 && loose.length === 0 ? <EmptyState title={words('studio.plan_empty')} text={words('studio.plan_empty_text')} /> : null}
      <ol className="plan-list">
        {items.map((item, index) => (
          <PlanRow
            key={item.id}
            item={item}
            index={index}
            lot={desk.lots.find((lot) => lot.id === item.lotId) ?? null}
            now={plan?.now?.id === item.id}
            handle={may ? reorder.handle(index) : null}
            drag={reorder.drag}
            onEdit={may ? (lot) => setOpen(lot ? { at: 'lot', lot } : { at: 'talk', item }) : null}
            onStart={may && plan ? () => void desk.acts.startItem(item) : null}
            onRemove={may ? () => void remove(item) : null}
          />
        ))}
      </ol>
      <p className="hidden-text" aria-live="polite">
        {said}
      </p>
      {loose.length > 0 ? (
        <section aria-label={words('studio.not_planned')}>
          <h3 className="plan-small">{words('studio.not_planned')}</h3>
          <ul className="plan-list">
            {loose.map((lot) => (
              <li key={lot.id} className="plan-loose">
                <b className="ellipsis">
                  <bdi>{textIn(lot.title, locale)}</bdi>
                </b>
                <span className="muted">{formats.price(lot.price)}</span>
                {may ? (
                  <>
                    <Button size="s" onPress={() => setOpen({ at: 'lot', lot })}>
                      {words('common.edit')}
                    </Button>
                    <Button size="s" busy={saving.busy} onPress={() => void addLot(lot)}>
                      {words('studio.to_plan')}
                    </Button>
                  </>
                ) : null}
              </li>
            ))}
          </ul>
        </section>
      ) : null}
      {items.length > 0 ? <p className="muted">{words('studio.plan_total', { time: formats.duration(totalMs) })}</p> : null}
      <ProblemNote problem={saving.problem ?? removing.problem ?? desk.lotsProblem} />
      {may ? (
        <div className="plan-add">
          <Button icon={Plus} onPress={() => setOpen({ at: 'add' })}>
            {words('studio.add_lot')}
          </Button>
          <Button icon={Zap} onPress={() => setOpen({ at: 'quick' })}>
            {words('studio.quick_lot')}
          </Button>
          <Button icon={MessageSquarePlus} onPress={() => setOpen({ at: 'talk', item: null })}>
            {words('studio.add_talk')}
          </Button>
        </div>
      ) : null}
      <AddLot desk={desk} open={open?.at === 'add'} onClose={() => setOpen(null)} onAdded={(lot) => void addLot(lot)} />
      <QuickLot desk={desk} open={open?.at === 'quick'} onClose={() => setOpen(null)} />
      {open?.at === 'lot' ? <LotSheet lot={open.lot} onClose={() => setOpen(null)} /> : null}
      {open?.at === 'talk' ? (
        <TalkSheet
          item={open.item}
          busy={saving.busy}
          onClose={() => setOpen(null)}
          onSave={async (draft) => {
            const next = open.item ? desk.items.map((one) => (one.id === open.item?.id ? { ...one, ...draft } : one)) : [...desk.items, { kind: 'talk' as const, ...draft }]
            if (await save(next)) setOpen(null)
          }}
        />
      ) : null}
    </div>
  )
}
