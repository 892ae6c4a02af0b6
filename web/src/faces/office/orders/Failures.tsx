import { useProblemText } from '../../../parts/face/problem.tsx'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { useWords } from '../../../ui/words.tsx'
import type { Failure } from './use-parcels.ts'

/** Which of many did not go, and why. */
export function Failures({ failures, onForget }: { readonly failures: readonly Failure[]; readonly onForget: () => void }) {
  const words = useWords('office')
  const text = useProblemText()
  if (failures.length === 0) return null
  return (
    <div className="office-note">
      <Banner
        tone="danger"
        title={words('office.not_all', { n: failures.length })}
        action={
          <Button size="s" kind="ghost" onPress={onForget}>
            {words('common.close')}
          </Button>
        }
      >
        {failures.slice(0, 5).map(({ label, problem }) => (
          <span key={label} className="office-note-line">
            <b>{label}</b> {text(problem)}
          </span>
        ))}
      </Banner>
    </div>
  )
}
