import { readFile } from 'node:fs/promises'
import { makeStreamKey, revokeStreamKey, streamKeys, streamState } from '@efir/contract/media.ts'
import { systemClock } from '@efir/media/clock.ts'
import { type Clip, readClip } from '@efir/media/publish/clip.ts'
import { publishLoop } from '@efir/media/publish/publish.ts'
import { composeClip } from '../clip/compose.ts'
import { liveProductMs, type Program, programOf } from '../clip/program.ts'
import { pause } from './chance.ts'
import { log } from './log.ts'
import type { LivePerson } from './person.ts'

const keyLabel = 'always on'
/** A connection that stays away longer gets a new key and asks for the address again: media may listen elsewhere now. */
const patienceMs = 8_000

/** The picture of the show: the clip's stretches in an endless loop, through the ingest that every encoder uses. */
export interface LivePicture {
  readonly program: Program
  /** Where in the program the picture is; null while somebody else, or nobody, is on air. */
  positionMs(): number | null
}

export function openPicture(clipName: string, host: LivePerson, showId: string, signal: AbortSignal): LivePicture {
  const program = programOf(clipName, liveProductMs)
  const state = { onAirAt: null as number | null }
  void keepOnAir({ program, host, showId, signal, state })
  return {
    program,
    positionMs: () => (state.onAirAt === null ? null : (performance.now() - state.onAirAt) % program.durationMs),
  }
}

interface OnAir {
  readonly program: Program
  readonly host: LivePerson
  readonly showId: string
  readonly signal: AbortSignal
  readonly state: { onAirAt: number | null }
}

async function keepOnAir(air: OnAir): Promise<void> {
  const file = await readFile(new URL(`../clip/${air.program.clip}.flv`, import.meta.url))
  const clip = composeClip(readClip(file), air.program)
  while (!air.signal.aborted) {
    try {
      if (await somebodyElse(air)) await pause(5_000, air.signal)
      else await publishFor(air, clip)
    } catch (problem) {
      log('not on air', { problem: (problem as Error).message })
    }
    await pause(1_000, air.signal)
  }
}

/** A person who took the show over keeps it: the loop waits until they are gone. */
async function somebodyElse({ host, showId }: OnAir): Promise<boolean> {
  const now = await host.try(streamState, { showId })
  return now?.state === 'live'
}

/** With one key, until the connection was away too long or somebody took over. */
async function publishFor(air: OnAir, clip: Clip): Promise<void> {
  const url = await freshAddress(air)
  if (url === null) return
  const stop = new AbortController()
  const end = () => stop.abort()
  air.signal.addEventListener('abort', end, { once: true })
  let cancel: () => void = () => undefined
  await publishLoop({
    url,
    clip,
    clock: systemClock,
    signal: stop.signal,
    onState(now, detail) {
      log(now, { detail })
      cancel()
      air.state.onAirAt = now === 'on air' ? performance.now() : null
      if (now === 'lost') {
        const timer = setTimeout(end, patienceMs)
        cancel = () => clearTimeout(timer)
        void somebodyElse(air).then((taken) => taken && end())
      }
    },
  })
  cancel()
  air.state.onAirAt = null
  air.signal.removeEventListener('abort', end)
}

async function freshAddress({ host, showId }: OnAir): Promise<string | null> {
  const made = await host.try(makeStreamKey, { showId, label: keyLabel })
  if (made === null) return null
  const before = await host.try(streamKeys, { showId })
  for (const key of before?.keys ?? []) {
    if (key.label === keyLabel && key.id !== made.key.id) await host.try(revokeStreamKey, { showId, keyId: key.id })
  }
  return `${made.rtmpUrl}/${made.secret}`
}
