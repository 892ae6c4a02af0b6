import { SignIn as SignInForm } from '../../parts/identity/SignIn.tsx'
import { Mark } from '../../ui/Marks.tsx'
import { useWords } from '../../ui/words.tsx'
import './SignIn.css'

/** The door of the studio: whoever comes in sees the page that was asked for. */
export function SignIn() {
  const words = useWords('studio')
  return (
    <main className="door" tabIndex={-1}>
      <div className="door-box">
        <p className="door-brand">
          <Mark size={28} />
          {words('studio.title')}
        </p>
        <h1>{words('studio.sign_in_title')}</h1>
        <p className="muted">{words('studio.sign_in_text')}</p>
        <SignInForm onDone={() => undefined} />
      </div>
    </main>
  )
}
