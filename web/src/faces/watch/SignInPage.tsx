import { becameAnother } from '../../parts/identity/AccountSheet.tsx'
import { SignIn } from '../../parts/identity/SignIn.tsx'
import { go, usePlace } from '../../ui/router.tsx'
import { useWords } from '../../ui/words.tsx'
import { SitePage } from './site/SitePage.tsx'

/** Only our own pages: an address of somebody else's is no place to send a person who has just signed in. */
export const safeReturn = (to: string | null): string => (to?.startsWith('/') && !to.startsWith('//') && !to.includes('\\') ? to : '/')

export function SignInPage() {
  const words = useWords('store')
  const { query } = usePlace()
  return (
    <SitePage title={words('common.sign_in')} narrow>
      <h1>{words('common.sign_in')}</h1>
      <SignIn
        onDone={() => {
          void becameAnother()
          const to = safeReturn(query.get('to'))
          if (/^\/(studio|office)/.test(to)) location.assign(to)
          else go(to, { replace: true })
        }}
      />
    </SitePage>
  )
}
