import { makeStreamKey, revokeStreamKey, streamKeys } from '@efir/contract/media.ts'
import { Check, Copy, KeyRound } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useAct, useView } from '../../../net/query.ts'
import { ProblemNote } from '../../../parts/face/problem.tsx'
import type { Stream } from '../../../parts/studio/use-desk.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button, IconButton } from '../../../ui/Button.tsx'
import { StateDot } from '../../../ui/Marks.tsx'
import { Qr } from '../../../ui/Qr.tsx'
import { Skeleton } from '../../../ui/State.tsx'
import { useFormats, useWords } from '../../../ui/words.tsx'
import './ObsPanel.css'

const changed = [streamKeys] as const

/** RTMP or WHIP from a program of one's own: address and key, the key shown once. */
export function ObsPanel({ showId, stream }: { readonly showId: string; readonly stream: Stream | null }) {
  const words = useWords('studio')
  const making = useAct(makeStreamKey, { changes: changed })
  const [made, setMade] = useState<{ secret: string; rtmpUrl: string; whipUrl: string } | null>(null)
  const make = async () => {
    const answer = await making.run({ showId, label: 'OBS' })
    if (answer.ok) setMade(answer.value)
  }
  const dot = stream?.state === 'live' ? 'live' : stream?.state === 'grace' ? 'waiting' : 'off'
  return (
    <div className="obs">
      <p>{words('studio.obs_text')}</p>
      {made ? (
        <>
          <Copyable label={words('studio.obs_server')} text={made.rtmpUrl} />
          <Copyable label={words('studio.obs_key')} text={made.secret} secret />
          <Copyable label={words('studio.obs_whip')} text={new URL(made.whipUrl, location.href).href} />
          <Banner tone="warn">{words('studio.obs_once')}</Banner>
          <div className="obs-qr">
            <Qr text={`${made.rtmpUrl}/${made.secret}`} size={148} />
            <p className="muted small">{words('studio.obs_qr')}</p>
          </div>
        </>
      ) : (
        <Button icon={KeyRound} kind="ink" busy={making.busy} onPress={() => void make()}>
          {words('studio.obs_make')}
        </Button>
      )}
      <ProblemNote problem={making.problem} />
      <Keys showId={showId} />
      <p role="status">
        <StateDot state={dot}>{words(`studio.stream_${stream?.state ?? 'off'}`)}</StateDot>
      </p>
      <p className="muted small">{words('studio.obs_hint')}</p>
    </div>
  )
}

function Copyable({ label, text, secret }: { readonly label: ReactNode; readonly text: string; readonly secret?: boolean }) {
  const words = useWords()
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    setCopied(true)
  }
  return (
    <div className="copyable">
      <span className="muted small">{label}</span>
      <code dir="ltr" className={secret ? 'copyable-secret' : undefined}>
        {text}
      </code>
      <IconButton
        icon={copied ? Check : Copy}
        label={words(copied ? 'common.copied' : 'common.copy')}
        onPress={() => void copy()}
      />
    </div>
  )
}

function Keys({ showId }: { readonly showId: string }) {
  const words = useWords('studio')
  const formats = useFormats()
  const keys = useView(streamKeys, { showId })
  const revoking = useAct(revokeStreamKey, { changes: changed })
  if (keys.state === 'loading') return <Skeleton height="44px" />
  // The studio's own tokens come and go by themselves.
  const shown = (keys.value?.keys ?? []).filter((key) => !key.label.startsWith('studio '))
  if (shown.length === 0) return null
  return (
    <ul className="obs-keys" aria-label={words('studio.obs_keys')}>
      {shown.map((key) => (
        <li key={key.id}>
          <span>
            <b>
              <bdi dir="ltr">{`…${key.hint}`}</bdi>
            </b>{' '}
            <span className="muted">
              {key.usedAt ? words('studio.key_used', { when: formats.date(key.usedAt, 'dateTime') }) : words('studio.key_unused')}
            </span>
          </span>
          <Button size="s" kind="danger" busy={revoking.busy} onPress={() => void revoking.run({ showId, keyId: key.id })}>
            {words('studio.key_revoke')}
          </Button>
        </li>
      ))}
    </ul>
  )
}
