import { useEffect, useRef } from 'react'
import { ProblemState } from '../../parts/face/problem.tsx'
import { useMe } from '../../parts/identity/session.ts'
import { useCamera } from '../../parts/studio/use-camera.ts'
import { isAfter, isOnAir, useDesk } from '../../parts/studio/use-desk.ts'
import { useSender } from '../../parts/studio/use-sender.ts'
import { Button } from '../../ui/Button.tsx'
import { usePlace } from '../../ui/router.tsx'
import { EmptyState, Skeleton } from '../../ui/State.tsx'
import { useWords } from '../../ui/words.tsx'
import { Summary } from './after/Summary.tsx'
import { AirDesk } from './air/AirDesk.tsx'
import { BeforeDesk } from './before/BeforeDesk.tsx'
import { Page } from './Page.tsx'
import { SignIn } from './SignIn.tsx'

export function ShowPage() {
  const showId = usePlace().params.showId ?? ''
  const me = useMe()
  if (me.state === 'loading') return <main tabIndex={-1} aria-busy="true" />
  if (me.value?.person?.kind !== 'account') return <SignIn />
  return <TheShow key={`${showId} ${me.value.person.id}`} showId={showId} />
}

/** Camera and broadcast live here, above everything that is drawn before, during and after the show. */
function TheShow({ showId }: { readonly showId: string }) {
  const words = useWords('studio')
  const desk = useDesk(showId)
  const sender = useSender(showId)
  const camera = useCamera(sender.use)
  const { show } = desk

  // Behind the slate nothing is sent but black and silence, whatever viewers' pages do.
  const covered = desk.slate && sender.active
  useEffect(() => {
    for (const track of camera.stream?.getVideoTracks() ?? []) track.enabled = !covered
    for (const track of camera.stream?.getAudioTracks() ?? []) track.enabled = !covered && !camera.muted
  }, [covered, camera.stream, camera.muted])

  const after = isAfter(show)
  const off = useRef(() => undefined as unknown)
  off.current = () => {
    void sender.stop()
    camera.stop()
  }
  useEffect(() => {
    if (after) off.current()
  }, [after])

  if (desk.page.state === 'failed')
    return (
      <Page>
        <ProblemState problem={desk.page.problem} again={desk.page.again} />
      </Page>
    )
  if (!show)
    return (
      <Page>
        <Skeleton width="60%" height="32px" />
        <Skeleton height="420px" />
      </Page>
    )
  if (!desk.rights.keeps)
    return (
      <Page>
        <EmptyState
          title={words('studio.not_yours')}
          text={words('studio.not_yours_text')}
          action={<Button to="/studio">{words('studio.all_shows')}</Button>}
        />
      </Page>
    )
  if (after) return <Summary desk={desk} />
  if (isOnAir(show) || sender.active) return <AirDesk desk={desk} camera={camera} sender={sender} />
  return <BeforeDesk desk={desk} camera={camera} sender={sender} />
}
