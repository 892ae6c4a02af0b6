import { useCallback, useEffect, useRef, useState } from 'react'
import {
  type CameraProblem,
  type CameraWish,
  closeStream,
  type Device,
  keepWish,
  listDevices,
  openCamera,
  startWish,
} from './camera.ts'

export type CameraState =
  | { readonly at: 'off' }
  | { readonly at: 'asking' }
  | { readonly at: 'on'; readonly stream: MediaStream; readonly withoutSound: boolean }
  | { readonly at: 'failed'; readonly problem: CameraProblem }

export interface Camera {
  readonly state: CameraState
  readonly stream: MediaStream | null
  readonly wish: CameraWish
  readonly cameras: readonly Device[]
  readonly microphones: readonly Device[]
  readonly muted: boolean
  readonly mirrored: boolean
  start(): void
  stop(): void
  change(part: Partial<CameraWish>): void
  mute(on: boolean): void
  mirror(on: boolean): void
}

/** A camera that goes twice within this is given up. */
const lookAgainMs = 5_000

/** The host's camera and microphone: opened by a tap, kept over all parts of the page. `onTracks` gets what replaces them. */
export function useCamera(onTracks: (tracks: readonly MediaStreamTrack[]) => void): Camera {
  const [state, setState] = useState<CameraState>({ at: 'off' })
  const [wish, setWish] = useState(startWish)
  const [devices, setDevices] = useState<{ cameras: readonly Device[]; microphones: readonly Device[] }>({
    cameras: [],
    microphones: [],
  })
  const [muted, setMuted] = useState(false)
  const [mirrored, setMirrored] = useState(true)
  const held = useRef<{ stream: MediaStream | null; turn: number }>({ stream: null, turn: 0 })
  const replaced = useRef(onTracks)
  replaced.current = onTracks

  const open = useCallback(async (wanted: CameraWish, isMuted: boolean) => {
    const turn = ++held.current.turn
    const before = held.current.stream
    if (!before) setState({ at: 'asking' })
    // Phones open one camera at a time.
    for (const track of before?.getVideoTracks() ?? []) track.stop()
    const opened = await openCamera(wanted)
    if (turn !== held.current.turn) return opened.ok ? closeStream(opened.stream) : undefined
    if (!opened.ok) {
      closeStream(before)
      held.current.stream = null
      return setState({ at: 'failed', problem: opened.problem })
    }
    for (const track of opened.stream.getAudioTracks()) track.enabled = !isMuted
    held.current.stream = opened.stream
    setState({ at: 'on', stream: opened.stream, withoutSound: opened.withoutSound })
    replaced.current(opened.stream.getTracks())
    for (const track of before?.getAudioTracks() ?? []) track.stop()
    setDevices(await listDevices())
  }, [])

  useEffect(() => {
    const mediaDevices = navigator.mediaDevices
    const relist = () => void listDevices().then(setDevices)
    mediaDevices?.addEventListener?.('devicechange', relist)
    const kept = held.current
    return () => {
      mediaDevices?.removeEventListener?.('devicechange', relist)
      kept.turn++
      closeStream(kept.stream)
      kept.stream = null
    }
  }, [])

  // A camera that was unplugged, or taken by the system, is looked for again.
  const lookedAt = useRef(Number.NEGATIVE_INFINITY)
  const stream = state.at === 'on' ? state.stream : null
  useEffect(() => {
    const [track] = stream?.getVideoTracks() ?? []
    if (!track) return
    const onEnded = () => {
      const soon = performance.now() - lookedAt.current < lookAgainMs
      lookedAt.current = performance.now()
      if (soon) setState({ at: 'failed', problem: 'failed' })
      else void open(wish, muted)
    }
    // It may have gone before anybody listened.
    if (track.readyState === 'ended') onEnded()
    track.addEventListener('ended', onEnded)
    return () => track.removeEventListener('ended', onEnded)
  }, [stream, wish, muted, open])

  return {
    state,
    stream,
    wish,
    ...devices,
    muted,
    mirrored: mirrored && wish.facing === 'user',
    start: () => void open(wish, muted),
    stop: () => {
      held.current.turn++
      closeStream(held.current.stream)
      held.current.stream = null
      setState({ at: 'off' })
    },
    change: (part) => {
      const next = { ...wish, ...part }
      setWish(next)
      keepWish(next)
      if (state.at !== 'off') void open(next, muted)
    },
    mute: (on) => {
      for (const track of held.current.stream?.getAudioTracks() ?? []) track.enabled = !on
      setMuted(on)
    },
    mirror: setMirrored,
  }
}
