import { FlipHorizontal2, Keyboard, ListOrdered, MessageSquareText, Plus, Square, SwitchCamera } from 'lucide-react'
import { linesOf } from '../../../parts/studio/signal.ts'
import { Button } from '../../../ui/Button.tsx'
import { Select } from '../../../ui/Choice.tsx'
import { Stat, Stats } from '../../../ui/Marks.tsx'
import { Sheet } from '../../../ui/Sheet.tsx'
import { useFormats, useWords } from '../../../ui/words.tsx'
import { StreamNote } from '../before/StreamNote.tsx'
import { LotDeal } from '../plan/LotDeal.tsx'
import type { Air } from './air.ts'
import { factsOf } from './Hud.tsx'
import './MoreSheet.css'

/** Everything that is not for the thumb. */
export function MoreSheet({ air }: { readonly air: Air }) {
  const words = useWords('studio')
  const { desk, show } = air
  return (
    <Sheet open={air.panel === 'more'} onClose={() => show(null)} title={words('common.more')} height="content" wide="middle">
      <div className="more">
        <SignalFacts air={air} />
        <StreamNote stream={desk.stream} refused={air.sender.state.at === 'refused' ? air.sender.state : null} />
        <CameraControls air={air} />
        <div className="more-buttons">
          <Button icon={MessageSquareText} onPress={() => show('chat')}>
            {words('studio.chat')}
          </Button>
          <Button icon={ListOrdered} onPress={() => show('plan')}>
            {words('studio.tab_plan')}
          </Button>
          {desk.rights.runs ? (
            <Button icon={Plus} onPress={() => show('quick')}>
              {words('studio.quick_lot')}
            </Button>
          ) : null}
          <Button icon={Keyboard} onPress={() => show('keys')}>
            {words('common.keys')}
          </Button>
        </div>
        {desk.rights.runs && desk.hand ? <LotDeal lot={desk.hand} /> : null}
        {desk.rights.runs ? (
          <Button kind="danger" icon={Square} wide onPress={() => show('end')}>
            {words('studio.end_show')}
          </Button>
        ) : null}
      </div>
    </Sheet>
  )
}

/** Numbers for whoever looks for the reason of a bad picture. */
export function SignalFacts({ air }: { readonly air: Air }) {
  const words = useWords('studio')
  const formats = useFormats()
  const facts = factsOf(air)
  if (!facts) return <p className="muted">{words('studio.signal_none')}</p>
  return (
    <Stats>
      <Stat label={words('studio.picture')} value={<bdi dir="ltr">{`${linesOf(facts)}p · ${Math.round(facts.fps)}`}</bdi>} />
      <Stat label={words('studio.bitrate')} value={words('studio.kbps', { n: formats.number(facts.kbps) })} />
      <Stat label={words('studio.loss')} value={formats.percent(Math.round(facts.lossRatio * 10_000))} />
      {facts.rttMs === null ? null : (
        <Stat label={words('studio.round_trip')} value={words('studio.ms', { n: formats.number(Math.round(facts.rttMs)) })} />
      )}
    </Stats>
  )
}

export function CameraControls({ air }: { readonly air: Air }) {
  const words = useWords('studio')
  const { camera, sender } = air
  if (!sender.active || !camera.stream) return null
  const [video, audio] = [camera.stream.getVideoTracks()[0], camera.stream.getAudioTracks()[0]]
  return (
    <div className="more-camera">
      <Select
        label={words('studio.camera')}
        value={video?.getSettings().deviceId ?? ''}
        onChange={(videoId) => camera.change({ videoId })}
        options={camera.cameras.map((one) => ({ value: one.id, label: one.label || words('studio.camera') }))}
      />
      {audio ? (
        <Select
          label={words('studio.microphone')}
          value={audio.getSettings().deviceId ?? ''}
          onChange={(audioId) => camera.change({ audioId })}
          options={camera.microphones.map((one) => ({ value: one.id, label: one.label || words('studio.microphone') }))}
        />
      ) : null}
      <div className="more-buttons">
        <Button
          icon={SwitchCamera}
          onPress={() => camera.change({ facing: camera.wish.facing === 'user' ? 'environment' : 'user', videoId: null })}
        >
          {words('studio.camera_turn')}
        </Button>
        <Button icon={FlipHorizontal2} pressed={camera.mirrored} onPress={() => camera.mirror(!camera.mirrored)}>
          {words('studio.mirror')}
        </Button>
      </div>
    </div>
  )
}
