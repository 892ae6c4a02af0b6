import { enterPasskey, signInWays, startOutside } from '@efir/contract/account.ts'
import { KeyRound } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useAct, useView } from '../../net/query.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { useWords } from '../../ui/words.tsx'
import { ProblemNote } from '../face/problem.tsx'
import { passkeysWork, showPasskey } from './passkey.ts'
import { signedInAs } from './session.ts'

/** A passkey or an account elsewhere; passkeys are also offered by the browser in the e-mail field. */
export function MoreWays({ onDone }: { readonly onDone?: () => void }) {
  const words = useWords('account', 'refusals')
  const ways = useView(signInWays, {}, { staleMs: 300_000 }).value
  const enter = useAct(enterPasskey)
  const start = useAct(startOutside)
  const [failed, setFailed] = useState(false)
  const works = passkeysWork(ways?.passkeyHost)
  const take = async (offered: boolean) => {
    setFailed(false)
    const credential = await showPasskey(offered)
    if (!credential) return setFailed(!offered)
    const answer = await enter.run({ credential })
    if (!answer.ok) return
    signedInAs(answer.value)
    onDone?.()
  }
  const offer = useRef(take)
  offer.current = take
  useEffect(() => {
    if (works) void offer.current(true)
  }, [works])
  const leave = async (provider: string) => {
    const to = `${location.pathname}${location.search}`
    const back = location.pathname === '/sign-in' ? (new URLSearchParams(location.search).get('to') ?? '/') : to
    const answer = await start.run({ provider, to: back.slice(0, 300) })
    if (answer.ok) location.assign(answer.value.url)
  }
  if (!ways || (!works && ways.providers.length === 0)) return null
  return (
    <div className="sign-in-form">
      <p className="muted small">{words('account.or')}</p>
      {works ? (
        <Button wide icon={KeyRound} busy={enter.busy} onPress={() => void take(false)}>
          {words('account.with_passkey')}
        </Button>
      ) : null}
      {failed ? <Banner tone="warn">{words('account.passkey_failed')}</Banner> : null}
      {ways.providers.map(({ id, name }) => (
        <Button key={id} wide busy={start.busy} onPress={() => void leave(id)}>
          {words('account.with_outside', { name })}
        </Button>
      ))}
      <ProblemNote problem={enter.problem ?? start.problem} />
    </div>
  )
}
