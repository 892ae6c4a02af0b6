import { timecode } from '@efir/words/formats.ts'
import { GripVertical, Pencil, Play, Trash2 } from 'lucide-react'
import type { DeskLot, PlanItem } from '../../../parts/studio/thumb.ts'
import { IconButton } from '../../../ui/Button.tsx'
import { cx } from '../../../ui/cx.ts'
import { Tag } from '../../../ui/Marks.tsx'
import { useFormats, useWords } from '../../../ui/words.tsx'
import type { Reorder } from './reorder.ts'

export interface PlanRowProps {
  readonly item: PlanItem
  readonly index: number
  readonly lot: DeskLot | null
  readonly now: boolean
  /** Null: may only be read. */
  readonly handle: ReturnType<Reorder['handle']> | null
  readonly drag: Reorder['drag']
  readonly onEdit: ((lot: DeskLot | null) => void) | null
  readonly onStart: (() => void) | null
  readonly onRemove: (() => void) | null
}

export function PlanRow({ item, index, lot, now, handle, drag, onEdit, onStart, onRemove }: PlanRowProps) {
  const words = useWords('studio')
  const formats = useFormats()
  const done = item.endedAt !== undefined
  const terms = lot
    ? [formats.price(lot.price), words('studio.units', { n: lot.quota }), lot.windowMs ? formats.duration(lot.windowMs) : null]
    : []
  const landing = drag && drag.to === index && drag.from !== index ? (drag.to > drag.from ? 'plan-after' : 'plan-before') : null
  return (
    <li className={cx('plan-row', now && 'plan-now', done && 'plan-done', drag?.from === index && 'plan-dragged', landing)}>
      {handle ? (
        <button
          type="button"
          className="plan-handle"
          aria-label={words('studio.move', { title: item.title })}
          aria-description={words('studio.move_text')}
          {...handle}
        >
          <GripVertical size={18} aria-hidden />
        </button>
      ) : null}
      <span className="plan-number">{index + 1}</span>
      <span className="plan-text">
        <b className="ellipsis">
          <bdi>{item.title}</bdi>
        </b>
        <small className="muted ellipsis">{[...terms, item.note].filter(Boolean).join(' · ')}</small>
      </span>
      {now ? <Tag tone="live">{words('studio.now')}</Tag> : null}
      <span className="muted plan-time">{timecode(item.plannedSeconds * 1000)}</span>
      <span className="plan-tools">
        {onStart && item.startedAt === undefined ? (
          <IconButton icon={Play} label={words('studio.start_item', { title: item.title })} onPress={onStart} />
        ) : null}
        {onEdit ? (
          <IconButton icon={Pencil} label={words('studio.edit_item', { title: item.title })} onPress={() => onEdit(lot)} />
        ) : null}
        {onRemove && !now ? (
          <IconButton icon={Trash2} label={words('studio.remove_item', { title: item.title })} onPress={onRemove} />
        ) : null}
      </span>
    </li>
  )
}
