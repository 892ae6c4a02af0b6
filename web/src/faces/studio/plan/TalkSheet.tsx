import { useState } from 'react'
import type { PlanItem } from '../../../parts/studio/thumb.ts'
import { Button } from '../../../ui/Button.tsx'
import { NumberInput } from '../../../ui/NumberInput.tsx'
import { Sheet } from '../../../ui/Sheet.tsx'
import { TextArea, TextInput } from '../../../ui/TextInput.tsx'
import { useWords } from '../../../ui/words.tsx'

export type TalkDraft = Pick<PlanItem, 'title' | 'note' | 'plannedSeconds'>

/** Something that is said and not sold: hello, terms, answers, goodbye. */
export function TalkSheet({
  item,
  busy,
  onClose,
  onSave,
}: {
  readonly item: PlanItem | null
  readonly busy: boolean
  readonly onClose: () => void
  readonly onSave: (draft: TalkDraft) => void
}) {
  const words = useWords('studio')
  const [title, setTitle] = useState(item?.title ?? '')
  const [note, setNote] = useState(item?.note ?? '')
  const [minutes, setMinutes] = useState<number | null>(item ? Math.round(item.plannedSeconds / 60) : 5)
  const wrong = title.trim() === '' || minutes === null || minutes < 0 || minutes > 240
  return (
    <Sheet
      open
      onClose={onClose}
      title={words(item ? 'studio.edit_talk' : 'studio.add_talk')}
      wide="middle"
      height="content"
      footer={
        <Button
          kind="ink"
          size="l"
          wide
          busy={busy}
          disabled={wrong}
          onPress={() => onSave({ title: title.trim(), note: note.trim(), plannedSeconds: Math.round((minutes ?? 0) * 60) })}
        >
          {words('common.save')}
        </Button>
      }
    >
      <div className="plan-form">
        <TextInput label={words('studio.item_title')} value={title} onChange={setTitle} maxLength={120} dir="auto" autoFocus />
        <NumberInput label={words('studio.minutes')} value={minutes} onChange={setMinutes} min={0} max={240} />
        <TextArea label={words('studio.item_note')} optional value={note} onChange={setNote} maxLength={2000} />
      </div>
    </Sheet>
  )
}
