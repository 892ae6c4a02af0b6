import { FlaskConical } from 'lucide-react'
import { Button } from '../../ui/Button.tsx'
import { useWords } from '../../ui/words.tsx'
import './DemoNotice.css'
import { ResetDemo } from './ResetDemo.tsx'
import { useMe } from './session.ts'

/** Says that nothing here is real, and what a newcomer may do with it. Show it where the demo world is. */
export function DemoNotice() {
  const words = useWords('account')
  const me = useMe().value
  if (!me?.demo) return null
  const { person } = me
  return (
    <aside className="demo-notice" aria-label={words('account.demo_world')}>
      <FlaskConical size={18} aria-hidden />
      <p>
        <b>{words('account.demo_world')}</b> <span className="muted">{words('account.demo_world_text')}</span>
      </p>
      {person?.kind !== 'account' ? (
        <Button size="s" to="/sign-in">
          {words('account.demo_look_around')}
        </Button>
      ) : null}
      {person?.demo ? <ResetDemo small /> : null}
    </aside>
  )
}
