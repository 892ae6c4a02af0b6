import type { Act } from '@efir/contract/act.ts'
import { cutShow } from '@efir/contract/shows.ts'
import { useState } from 'react'
import { useAct } from '../../../net/query.ts'
import { ProblemNote } from '../../../parts/face/problem.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { TextInput } from '../../../ui/TextInput.tsx'
import { useWords } from '../../../ui/words.tsx'

interface CutShowProps {
  readonly showId: string
  readonly open: boolean
  readonly changes: readonly Act[]
  readonly onClose: () => void
}

/** The emergency cut asks for its reason, which stays with the show. */
export function CutShow({ showId, open, changes, onClose }: CutShowProps) {
  const words = useWords('office', 'refusals')
  const cutting = useAct(cutShow, { changes })
  const [reason, setReason] = useState('')
  const cut = async () => {
    const answer = await cutting.run({ showId, on: true, reason: reason.trim() })
    if (!answer.ok) return
    setReason('')
    onClose()
  }
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={words('office.cut_title')}
      confirm={words('office.cut')}
      kind="danger"
      busy={cutting.busy}
      disabled={reason.trim() === ''}
      onConfirm={() => void cut()}
    >
      <p>{words('office.cut_text')}</p>
      <TextInput
        label={words('office.cut_reason')}
        hint={words('office.cut_reason_hint')}
        name="reason"
        value={reason}
        onChange={setReason}
        maxLength={200}
        dir="auto"
        autoFocus
      />
      <ProblemNote problem={cutting.problem} />
    </Dialog>
  )
}
