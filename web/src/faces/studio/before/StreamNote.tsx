import type { Stream } from '../../../parts/studio/use-desk.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { useFormats, useWords } from '../../../ui/words.tsx'

interface StreamNoteProps {
  readonly stream: Stream | null
  /** What this device was told when it tried. */
  readonly refused: { readonly code: string; readonly detail: Readonly<Record<string, string | number>> } | null
}

const known = new Set([
  'codec_unsupported',
  'codec_missing_here',
  'video_missing',
  'keyframes_too_far',
  'bitrate_too_high',
  'resolution_too_high',
  'reordered_frames',
  'timestamps_broken',
  'protocol_error',
  'overloaded',
  'server_unreachable',
  'stream_key_unknown',
  'stream_key_revoked',
  'show_over',
  'show_cut',
  'cut',
])

/** Why a publisher was turned away, in words, with what to change. */
export function StreamNote({ stream, refused }: StreamNoteProps) {
  const words = useWords('studio')
  const formats = useFormats()
  const told = refused ?? (stream?.state === 'live' ? null : stream?.refusal)
  if (stream?.recording === 'stopped' && !told) return <Banner tone="warn">{words('studio.recording_stopped')}</Banner>
  if (!told) return null
  const code = known.has(told.code) ? told.code : 'protocol_error'
  const figures = Object.values(told.detail).filter((value) => typeof value === 'number' || value.length < 60)
  return (
    <Banner tone="danger" title={words('studio.refused_title')}>
      {words(`studio.refused_${code}` as 'studio.refused_codec_unsupported')}
      {figures.length > 0 ? (
        <small className="refused-figures">
          {' '}
          <bdi dir="ltr">{figures.map((value) => (typeof value === 'number' ? formats.number(value) : value)).join(' · ')}</bdi>
        </small>
      ) : null}
    </Banner>
  )
}
