import type { Engine, EngineOptions } from './engine.ts'

/** Safari tells the program date-time of position 0. */
type WithStartDate = HTMLVideoElement & { getStartDate?: () => Date }

export const playsNatively = (video: HTMLVideoElement): boolean => video.canPlayType('application/vnd.apple.mpegurl') !== ''

/** Older iPhones: the system plays, keeps its own distance and catches up by itself. */
export function openNative(video: HTMLVideoElement, options: EngineOptions): Engine {
  const startDate = (): number | null => {
    const at = (video as WithStartDate).getStartDate?.().getTime() ?? Number.NaN
    return Number.isFinite(at) ? at : null
  }
  const onError = () => options.onBroken(`native ${video.error?.code ?? 0}`)
  const onMetadata = () => {
    if (options.startAt !== undefined) video.currentTime = options.startAt
    if (Number.isFinite(video.duration)) options.onLastSegment()
  }
  const end = () => (video.seekable.length > 0 ? video.seekable.end(video.seekable.length - 1) : null)
  video.addEventListener('error', onError)
  video.addEventListener('loadedmetadata', onMetadata)
  video.src = options.url
  return {
    kind: 'native',
    dateAt(mediaTime) {
      const start = startDate()
      return start === null ? null : start + mediaTime * 1000
    },
    positionOf(date) {
      const start = startDate()
      const position = start === null ? null : (date - start) / 1000
      return position !== null && position >= 0 && position <= (end() ?? 0) ? position : null
    },
    livePosition: end,
    wake: () => undefined,
    stalled: () => undefined,
    calm: () => undefined,
    close() {
      video.removeEventListener('error', onError)
      video.removeEventListener('loadedmetadata', onMetadata)
      video.removeAttribute('src')
      video.load()
    },
  }
}
