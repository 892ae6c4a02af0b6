import type { Problem } from '../../../net/api.ts'
import { ProblemNote } from '../../../parts/face/problem.tsx'
import { Button } from '../../../ui/Button.tsx'
import { useWords } from '../../../ui/words.tsx'

export interface SaveBarProps {
  readonly dirty: boolean
  readonly busy: boolean
  readonly problem: Problem | null
  readonly onReset: () => void
  readonly wrong?: boolean
  readonly label?: string
}

/** Under a form: nothing is asked for as long as nothing has changed. */
export function SaveBar({ dirty, busy, problem, onReset, wrong, label }: SaveBarProps) {
  const words = useWords('office', 'refusals')
  return (
    <div className="save-bar">
      <ProblemNote problem={problem} />
      <div className="office-actions">
        <Button kind="ink" type="submit" busy={busy} disabled={!dirty || wrong}>
          {label ?? words('common.save')}
        </Button>
        {dirty ? (
          <Button kind="ghost" onPress={onReset}>
            {words('office.undo_changes')}
          </Button>
        ) : (
          <span className="muted" role="status">
            {words('office.all_saved')}
          </span>
        )}
      </div>
    </div>
  )
}
