import type { Out } from '@efir/contract/act.ts'
import { chapters } from '@efir/contract/lots.ts'
import { textIn } from '@efir/contract/scalars.ts'
import { timecode } from '@efir/words/formats.ts'
import { type KeyboardEvent, type RefObject, useEffect, useState } from 'react'
import { useView } from '../../../net/query.ts'
import { cx } from '../../../ui/cx.ts'
import { useLanguage, useWords } from '../../../ui/words.tsx'
import './ReplayBar.css'

export type Chapter = Out<typeof chapters>['chapters'][number]
const none: readonly Chapter[] = []

export const useChapters = (showId: string, when: boolean): readonly Chapter[] =>
  useView(chapters, { showId }, { when, staleMs: 60_000 }).value?.chapters ?? none

/** Where a recording is, in milliseconds from its start. */
export function usePosition(
  video: RefObject<HTMLVideoElement | null>,
  durationMs: number,
): { readonly atMs: number; readonly durationMs: number } {
  const [at, setAt] = useState(0)
  const [length, setLength] = useState(durationMs)
  useEffect(() => {
    const element = video.current
    if (!element) return
    const look = () => {
      setAt(Math.round(element.currentTime * 1000))
      if (Number.isFinite(element.duration) && element.duration > 0) setLength(Math.round(element.duration * 1000))
    }
    const names = ['timeupdate', 'durationchange', 'seeked'] as const
    for (const name of names) element.addEventListener(name, look)
    return () => {
      for (const name of names) element.removeEventListener(name, look)
    }
  }, [video])
  return { atMs: at, durationMs: Math.max(length, durationMs, 1) }
}

export const chapterAt = (list: readonly Chapter[], atMs: number): Chapter | null =>
  list.findLast((one) => one.offsetMs <= atMs) ?? null

/** A slider cut into chapters. Arrow keys go five seconds, page keys a chapter. */
export function ReplayBar(props: {
  readonly video: RefObject<HTMLVideoElement | null>
  readonly list: readonly Chapter[]
  readonly durationMs: number
}) {
  const words = useWords('watch')
  const { locale } = useLanguage()
  const { video, list } = props
  const { atMs, durationMs } = usePosition(video, props.durationMs)
  const seek = (toMs: number) => {
    if (video.current) video.current.currentTime = Math.min(Math.max(0, toMs), durationMs - 100) / 1000
  }
  const now = chapterAt(list, atMs)
  const name = now ? textIn(now.title, locale) : ''
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const next = list.find((one) => one.offsetMs > atMs + 500)
    const before = list.findLast((one) => one.offsetMs < atMs - 2_000)
    const to = { PageUp: next?.offsetMs ?? durationMs, PageDown: before?.offsetMs ?? 0 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    seek(to)
  }
  const starts = list.length > 0 ? list.map((one) => one.offsetMs) : [0]
  const cuts = starts[0] === 0 ? starts : [0, ...starts]
  return (
    <div className="replay-bar">
      <p className="replay-line">
        <span className="ellipsis">
          <bdi>{name}</bdi>
        </span>
        <span>
          {timecode(atMs)} / {timecode(durationMs)}
        </span>
      </p>
      <div className="replay-track">
        {cuts.map((start, index) => {
          const end = cuts[index + 1] ?? durationMs
          const part = Math.min(1, Math.max(0, (atMs - start) / Math.max(1, end - start)))
          return (
            <span key={start} className="replay-part" style={{ flexGrow: Math.max(1, end - start) }} aria-hidden="true">
              <i style={{ inlineSize: `${part * 100}%` }} />
            </span>
          )
        })}
        <input
          type="range"
          className="replay-input"
          min={0}
          max={durationMs}
          step={5_000}
          value={atMs}
          aria-label={words('watch.position')}
          aria-valuetext={[timecode(atMs), name].filter(Boolean).join(', ')}
          onChange={(event) => seek(Number(event.target.value))}
          onKeyDown={onKeyDown}
        />
      </div>
    </div>
  )
}

/** Chapters by name, beside the picture. */
export function ChapterList(props: {
  readonly video: RefObject<HTMLVideoElement | null>
  readonly list: readonly Chapter[]
  readonly durationMs: number
  readonly onJump: (chapter: Chapter) => void
}) {
  const words = useWords('watch')
  const { locale } = useLanguage()
  const { atMs } = usePosition(props.video, props.durationMs)
  const now = chapterAt(props.list, atMs)
  if (props.list.length === 0) return <p className="chat-empty chapters-empty">{words('watch.no_chapters')}</p>
  return (
    <ol className="chapters">
      {props.list.map((chapter) => (
        <li key={chapter.startAt}>
          <button
            type="button"
            className={cx('chapter', chapter === now && 'chapter-now')}
            aria-current={chapter === now || undefined}
            onClick={() => props.onJump(chapter)}
          >
            <time>{timecode(chapter.offsetMs)}</time>
            <bdi>{textIn(chapter.title, locale)}</bdi>
          </button>
        </li>
      ))}
    </ol>
  )
}
