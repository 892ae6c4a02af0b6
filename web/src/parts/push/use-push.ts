import { myPush } from '@efir/contract/notifications.ts'
import { useCallback, useEffect, useState } from 'react'
import type { Problem } from '../../net/api.ts'
import { refresh, useView } from '../../net/query.ts'
import { useLanguage } from '../../ui/words.tsx'
import { useMe } from '../identity/session.ts'
import { forgetHere, markHere, pushSupported, tellHere, type Wants } from './push.ts'

type Device = { readonly mark: string; readonly shows: boolean; readonly orders: boolean; readonly since: number }

export interface Push {
  readonly state: 'loading' | 'unsupported' | 'blocked' | 'off' | 'on'
  readonly here: Device | null
  readonly others: readonly Device[]
  readonly busy: boolean
  readonly failed: 'failed' | Problem | null
  /** True when this browser is told from now on. */
  tell(wants: Wants): Promise<boolean>
  forget(): Promise<void>
}

/** Whether this browser is told of things, and of what. */
export function usePush(): Push {
  const { locale } = useLanguage()
  const person = useMe().value?.person
  const view = useView(myPush, {}, { when: Boolean(person) })
  const [mark, setMark] = useState<string | null | undefined>(undefined)
  const [blocked, setBlocked] = useState(() => pushSupported() && Notification.permission === 'denied')
  const [busy, setBusy] = useState(false)
  const [failed, setFailed] = useState<Push['failed']>(null)
  const look = useCallback(async () => setMark(await markHere()), [])
  useEffect(() => void look(), [look])

  const devices = view.value?.devices ?? []
  const here = devices.find((one) => one.mark === mark) ?? null
  const waiting = mark === undefined || (Boolean(person) && view.state === 'loading')
  return {
    state: !pushSupported() ? 'unsupported' : blocked ? 'blocked' : waiting ? 'loading' : here ? 'on' : 'off',
    here,
    others: devices.filter((one) => one.mark !== mark),
    busy,
    failed,
    async tell(wants) {
      setBusy(true)
      setFailed(null)
      const result = await tellHere(wants, locale)
      if (result === 'blocked') setBlocked(Notification.permission === 'denied')
      else if (result !== 'done') setFailed(result)
      await look()
      await refresh(myPush)
      setBusy(false)
      return result === 'done'
    },
    async forget() {
      setBusy(true)
      await forgetHere()
      await look()
      await refresh(myPush)
      setBusy(false)
    },
  }
}
