import { publishToken, streamState } from '@efir/contract/media.ts'
import { showPage } from '@efir/contract/shows.ts'
import { useCallback, useEffect, useRef, useState } from 'react'
import { call } from '../../net/api.ts'
import { serverNow } from '../../net/clock.ts'
import { kbpsFor } from './camera.ts'
import type { SignalFacts } from './signal.ts'
import type { Camera } from './use-camera.ts'
import { type Elsewhere, type Rights, type SendState, WhipSender } from './whip.ts'

export interface Sender {
  readonly state: SendState
  readonly facts: SignalFacts | null
  /** This device gives the picture, or tries to. */
  readonly active: boolean
  /** Goes on air with this camera; does nothing while it already sends. */
  from(camera: Camera): void
  /** Another camera or microphone under the running broadcast. */
  use(tracks: readonly MediaStreamTrack[]): void
  stop(): Promise<void>
}

const off: SendState = { at: 'off' }
const isActive = ({ at }: SendState): boolean => at === 'sending' || at === 'connecting' || at === 'away'
const settleMs = 1_500
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function rightsOf(showId: string): Promise<Rights> {
  const answer = await call(publishToken, { showId })
  if (answer.ok) return { ok: true, token: answer.value.token, url: answer.value.whipUrl }
  return { ok: false, code: answer.refusal ?? 'network' }
}

const answers = async (url: string): Promise<number> => {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(5_000), cache: 'no-store' })).status
  } catch (problem) {
    if (problem instanceof TypeError || problem instanceof DOMException) return 0
    throw problem
  }
}

/**
 * Why a connection is gone. Another device has taken over when ours is unknown to media while the stream lives on; a video service
 * that died knows neither, and a lost network leaves ours where it was. Coming back in the first case would take it back for ever.
 */
async function whyClosed(showId: string, startedAt: number, resource: string | null): Promise<Elsewhere> {
  await pause(settleMs)
  const [stream, page] = await Promise.all([call(streamState, { showId }), call(showPage, { showId })])
  if (page.ok && !['draft', 'scheduled', 'live', 'paused'].includes(page.value.show.state)) return { why: 'over' }
  if (!stream.ok || !page.ok) return { why: 'lost' }
  const { refusal, state } = stream.value
  if (refusal && refusal.at >= startedAt) return { why: 'refused', code: refusal.code, detail: refusal.detail }
  const { liveUrl } = page.value.playback
  if (state !== 'live' || !resource || !liveUrl) return { why: 'lost' }
  const [ours, picture] = await Promise.all([answers(resource), answers(liveUrl)])
  return { why: ours === 404 && picture === 200 ? 'replaced' : 'lost' }
}

export function useSender(showId: string): Sender {
  const [state, setState] = useState<SendState>(off)
  const [facts, setFacts] = useState<SignalFacts | null>(null)
  const sender = useRef<WhipSender | null>(null)
  const token = useRef<Rights | null>(null)

  const from = useCallback(
    (camera: Camera) => {
      if (!camera.stream || isActive(sender.current?.state ?? off)) return
      const startedAt = serverNow()
      sender.current = new WhipSender({
        stream: camera.stream,
        maxKbps: kbpsFor(camera.wish.lines),
        onState: setState,
        whyClosed: (resource) => whyClosed(showId, startedAt, resource),
        rights: async (fresh) => {
          if (fresh || !token.current?.ok) token.current = await rightsOf(showId)
          return token.current
        },
      })
      sender.current.start()
    },
    [showId],
  )
  const stop = useCallback(async () => {
    const ending = sender.current
    sender.current = null
    setFacts(null)
    setState(off)
    await ending?.stop()
  }, [])
  const use = useCallback((tracks: readonly MediaStreamTrack[]) => {
    for (const track of tracks) void sender.current?.use(track)
  }, [])

  useEffect(() => {
    if (state.at !== 'sending') return setFacts(null)
    const timer = setInterval(() => void sender.current?.facts().then((read) => read && setFacts(read)), 1_000)
    return () => clearInterval(timer)
  }, [state.at])
  useEffect(() => () => void sender.current?.stop(), [])

  const active = isActive(state)
  useGuard(active)
  return { state, facts, active, from, use, stop }
}

/** The screen stays on, and leaving the page is asked about. */
function useGuard(on: boolean): void {
  useEffect(() => {
    if (!on) return
    let lock: WakeLockSentinel | null = null
    const hold = () => {
      if (document.visibilityState !== 'visible') return
      // Refused when the battery is low: the broadcast goes on all the same.
      navigator.wakeLock?.request('screen').then(
        (got) => {
          lock = got
        },
        () => undefined,
      )
    }
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    hold()
    document.addEventListener('visibilitychange', hold)
    addEventListener('beforeunload', ask)
    return () => {
      document.removeEventListener('visibilitychange', hold)
      removeEventListener('beforeunload', ask)
      void lock?.release()
    }
  }, [on])
}
