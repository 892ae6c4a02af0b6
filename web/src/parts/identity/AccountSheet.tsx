import { signOut } from '@efir/contract/identity.ts'
import { Bell, LayoutDashboard, Mail, Package, Radio, ShieldCheck } from 'lucide-react'
import { queries, useAct } from '../../net/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Avatar } from '../../ui/Marks.tsx'
import { Link } from '../../ui/router.tsx'
import { Sheet } from '../../ui/Sheet.tsx'
import { useWords } from '../../ui/words.tsx'
import { ProblemNote } from '../face/problem.tsx'
import { forgetRemembered } from '../orders/remembered.ts'
import { forgetHere } from '../push/push.ts'
import { imageUrl } from '../shows/cover.ts'
import './AccountSheet.css'
import { ResetDemo } from './ResetDemo.tsx'
import { SignIn } from './SignIn.tsx'
import { useMe } from './session.ts'

/** Everything that was asked as somebody else is asked again. */
export const becameAnother = (): Promise<void> => queries.invalidateQueries({ predicate: (query) => query.queryKey[0] !== 'me' })

/** Who I am and where I may go; for strangers and guests the way in. */
export function AccountSheet({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const words = useWords('store')
  const me = useMe().value
  const leave = useAct(signOut)
  const person = me?.person?.kind === 'account' ? me.person : null
  const goOut = async () => {
    await forgetHere()
    const answer = await leave.run({})
    if (!answer.ok) return
    forgetRemembered()
    await queries.invalidateQueries()
    onClose()
  }
  const works = me !== undefined && (me.shops.length > 0 || me.shows.length > 0 || person?.operator === true)
  return (
    <Sheet open={open} onClose={onClose} title={words(person ? 'store.account' : 'common.sign_in')} wide="end" height="content">
      {person ? (
        <div className="sheet-stack">
          <div className="account-who">
            <Avatar name={person.name} src={imageUrl(person.picture, 160)} size={48} />
            <span>
              <b>
                <bdi>{person.name}</bdi>
              </b>
              <bdi className="muted">{person.email}</bdi>
            </span>
          </div>
          <nav className="account-links" aria-label={words('store.account')}>
            <Link to="/orders" onClick={onClose}>
              <Package size={20} aria-hidden />
              {words('store.my_orders')}
            </Link>
            <Link to="/notifications" onClick={onClose}>
              <Bell size={20} aria-hidden />
              {words('store.push_title')}
            </Link>
            <Link to="/account" onClick={onClose}>
              <ShieldCheck size={20} aria-hidden />
              {words('store.security')}
            </Link>
            {works ? (
              <>
                <Link to="/studio">
                  <Radio size={20} aria-hidden />
                  {words('store.studio')}
                </Link>
                <Link to="/office">
                  <LayoutDashboard size={20} aria-hidden />
                  {words('store.office')}
                </Link>
              </>
            ) : null}
            {me?.demo ? (
              <a href="/dev/mail">
                <Mail size={20} aria-hidden />
                {words('store.letter_box')}
              </a>
            ) : null}
          </nav>
          {person.demo ? <ResetDemo /> : null}
          <ProblemNote problem={leave.problem} />
          <Button kind="outline" wide busy={leave.busy} onPress={() => void goOut()}>
            {words('common.sign_out')}
          </Button>
        </div>
      ) : (
        <SignIn
          roles={['buyer']}
          onDone={() => {
            void becameAnother()
            onClose()
          }}
        />
      )}
    </Sheet>
  )
}
