import { signOut } from '@efir/contract/identity.ts'
import { LogOut } from 'lucide-react'
import type { ReactNode } from 'react'
import { call } from '../../net/api.ts'
import { queries } from '../../net/query.ts'
import { OfflineBanner } from '../../parts/face/problem.tsx'
import { useMe } from '../../parts/identity/session.ts'
import { IconButton } from '../../ui/Button.tsx'
import { Mark } from '../../ui/Marks.tsx'
import { Link } from '../../ui/router.tsx'
import { useWords } from '../../ui/words.tsx'
import { SignIn } from './SignIn.tsx'
import './Page.css'

/** A plain page of the studio: brand, who I am, content. Strangers sign in first. */
export function Page({ children }: { readonly children: ReactNode }) {
  const words = useWords('studio')
  const me = useMe()
  if (me.state === 'loading') return <main className="page" aria-busy="true" tabIndex={-1} />
  if (me.value?.person?.kind !== 'account') return <SignIn />
  const leave = async () => {
    await call(signOut, {})
    await queries.invalidateQueries()
  }
  return (
    <div className="page">
      <header className="page-top">
        <Link to="/studio" className="page-brand">
          <Mark size={24} />
          <span>{words('studio.title')}</span>
        </Link>
        <span className="page-who ellipsis">
          <bdi>{me.value.person.name}</bdi>
        </span>
        <IconButton icon={LogOut} flip label={words('common.sign_out')} onPress={() => void leave()} />
      </header>
      <main className="page-main" tabIndex={-1}>
        <OfflineBanner />
        {children}
      </main>
    </div>
  )
}
