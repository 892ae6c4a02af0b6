import { SignIn } from '../../../parts/identity/SignIn.tsx'
import { useMe } from '../../../parts/identity/session.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Mark } from '../../../ui/Marks.tsx'
import { useWords } from '../../../ui/words.tsx'

export function EnterPage() {
  const words = useWords('office')
  const needsOperator = useMe().value?.needsOperator ?? false
  return (
    <main tabIndex={-1} className="office-alone">
      <header className="office-alone-head">
        <Mark size={32} />
        <h1>{words('office.enter_title')}</h1>
        <p className="muted">{words('office.enter_text')}</p>
      </header>
      {needsOperator ? <Banner title={words('office.needs_operator')}>{words('office.needs_operator_text')}</Banner> : null}
      <SignIn roles={['seller', 'fulfilment', 'operator', 'host']} />
    </main>
  )
}
