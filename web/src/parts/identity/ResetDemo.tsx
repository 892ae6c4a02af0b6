import { Check, RotateCcw } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../ui/Button.tsx'
import { cx } from '../../ui/cx.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { useWords } from '../../ui/words.tsx'
import { ProblemNote } from '../face/problem.tsx'
import './DemoNotice.css'
import { type ResetAt, useReset } from './use-reset.ts'

/** The old session went with the old world: whoever pressed comes in again in the same role. */
const enterAnew = (role: string | null): void =>
  location.assign(role === null ? '/' : `/sign-in?demo=${encodeURIComponent(role)}`)

/** Begins the demo world anew, after a question. For people of the demo alone. */
export function ResetDemo({ small = false }: { readonly small?: boolean }) {
  const words = useWords('account')
  const [open, setOpen] = useState(false)
  const reset = useReset(enterAnew)
  const asked = reset.at !== 'question'
  const underWay = asked && reset.at !== 'asking'
  const close = () => {
    // What has begun cannot be called back.
    if (asked) return
    reset.forget()
    setOpen(false)
  }
  return (
    <>
      <Button size={small ? 's' : 'm'} icon={RotateCcw} onPress={() => setOpen(true)}>
        {words('account.demo_reset')}
      </Button>
      <Dialog
        open={open}
        onClose={close}
        title={words('account.demo_reset_title')}
        confirm={words('account.demo_reset')}
        kind="danger"
        busy={asked}
        underWay={underWay}
        onConfirm={() => void reset.begin()}
      >
        {underWay ? <Progress at={reset.at} slow={reset.slow} /> : <p>{words('account.demo_reset_text')}</p>}
        <ProblemNote problem={reset.problem} />
      </Dialog>
    </>
  )
}

const steps = ['clearing', 'loading', 'done'] as const

function Progress({ at, slow }: { readonly at: ResetAt; readonly slow: boolean }) {
  const words = useWords('account')
  const here = (steps as readonly ResetAt[]).indexOf(at)
  return (
    <>
      <ol className="reset-steps" role="status">
        {steps.map((one, index) => (
          <li key={one} className={cx(index > here && 'reset-later')}>
            <span className="reset-mark">
              {index < here || at === 'done' ? <Check size={18} aria-hidden /> : null}
              {index === here && at !== 'done' ? <span className="spinner" aria-hidden="true" /> : null}
            </span>
            {words(`account.demo_reset_${one}`)}
          </li>
        ))}
      </ol>
      {slow ? <p>{words('account.demo_reset_slow')}</p> : null}
    </>
  )
}
