import type Hls from 'hls.js'
import type { ErrorData, HlsConfig, LevelDetails } from 'hls.js'
import type { Engine, EngineOptions } from './engine.ts'
import { afterCalm, afterStall, catchUpRate, type Distance, startDistance, targetMs } from './policy.ts'

/** Media errors closer together than this are not cured by another `recoverMediaError`. */
const recoverAgainAfterMs = 5_000

function configOf({ live, startAt }: EngineOptions): Partial<HlsConfig> {
  const retry = { maxNumRetry: 4, retryDelayMs: 300, maxRetryDelayMs: 2_000, backoff: 'exponential' as const }
  return {
    // Segments are fMP4: nothing to remux, and a worker from a blob: address would need a wider Content-Security-Policy.
    enableWorker: false,
    lowLatencyMode: live,
    maxLiveSyncPlaybackRate: live ? catchUpRate : 1,
    // The step after a stall is ours (policy.ts): once, and it decays.
    liveSyncOnStallIncrease: 0,
    backBufferLength: 30,
    maxBufferLength: live ? 10 : 30,
    maxMaxBufferLength: live ? 30 : 90,
    capLevelToPlayerSize: true,
    startPosition: startAt ?? -1,
    // A blocking reload answers when the part is there; a show that just begins may keep us waiting longer.
    manifestLoadPolicy: {
      default: {
        maxTimeToFirstByteMs: 12_000,
        maxLoadTimeMs: 15_000,
        timeoutRetry: null,
        errorRetry: { ...retry, maxNumRetry: 1 },
      },
    },
    playlistLoadPolicy: {
      default: {
        maxTimeToFirstByteMs: 12_000,
        maxLoadTimeMs: 15_000,
        timeoutRetry: { ...retry, maxNumRetry: 2 },
        errorRetry: retry,
      },
    },
    fragLoadPolicy: { default: { maxTimeToFirstByteMs: 8_000, maxLoadTimeMs: 30_000, timeoutRetry: retry, errorRetry: retry } },
  }
}

/** The light build has no captions and is 70 kB smaller. */
const loadHls = async (captions: boolean): Promise<typeof Hls> =>
  (captions ? await import('hls.js') : await import('hls.js/light')).default

/** Null where the browser has no media source extensions, managed or not. */
export async function openHls(video: HTMLVideoElement, options: EngineOptions): Promise<Engine | null> {
  const Library = await loadHls(options.captions)
  if (!Library.isSupported()) return null
  const hls = new Library(configOf(options))
  let distance: Distance | null = null
  let recoveredAt = Number.NEGATIVE_INFINITY

  const details = (): LevelDetails | null => hls.latestLevelDetails
  const aim = (next: Distance) => {
    if (distance && targetMs(next) !== targetMs(distance)) hls.targetLatency = targetMs(next) / 1000
    distance = next
  }

  hls.on(Library.Events.MANIFEST_PARSED, (_, { levels }) => {
    // Both can be played here (others were left out before): the publisher's own sound is nearer and better than its AAC copy.
    const copies = levels.filter(({ audioCodec }) => audioCodec?.startsWith('mp4a'))
    if (copies.length < levels.length) for (const copy of copies) hls.removeLevel(hls.levels.indexOf(copy))
  })
  hls.on(Library.Events.LEVEL_UPDATED, (_, { details: level }) => {
    if (!level.live) return options.onLastSegment()
    const baseMs = (level.partHoldBack || level.holdBack || level.targetduration * 3) * 1000
    if (distance === null || distance.baseMs !== baseMs) distance = startDistance(baseMs)
  })
  hls.on(Library.Events.ERROR, (_, data: ErrorData) => {
    if (!data.fatal) return
    const at = performance.now()
    if (data.type === Library.ErrorTypes.MEDIA_ERROR && at - recoveredAt > recoverAgainAfterMs) {
      recoveredAt = at
      hls.recoverMediaError()
    } else options.onBroken(data.details)
  })
  hls.loadSource(options.url)
  hls.attachMedia(video)

  return {
    kind: 'hls.js',
    dateAt(mediaTime) {
      const frag = details()?.fragments.findLast((one) => one.programDateTime !== null && one.start <= mediaTime + 0.001)
      if (frag?.programDateTime == null || mediaTime > frag.end + 10) return null
      return frag.programDateTime + (mediaTime - frag.start) * 1000
    },
    positionOf(date) {
      const list = details()?.fragments ?? []
      const frag = list.findLast((one) => one.programDateTime !== null && one.programDateTime <= date)
      const first = list[0]
      if (!frag?.programDateTime) return first?.programDateTime && date > first.programDateTime - 2_000 ? first.start : null
      const inside = (date - frag.programDateTime) / 1000
      // A hole between two runs of the show belongs to the end of the first.
      return frag.start + Math.min(inside, frag.duration)
    },
    livePosition: () => hls.liveSyncPosition,
    wake: () => hls.startLoad(),
    stalled: (at) => distance && aim(afterStall(distance, at)),
    calm: (at) => distance && aim(afterCalm(distance, at)),
    close: () => hls.destroy(),
  }
}
