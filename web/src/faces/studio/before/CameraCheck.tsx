import { Camera as CameraIcon, CameraOff, FlipHorizontal2, Mic, MicOff, SwitchCamera } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { Camera } from '../../../parts/studio/use-camera.ts'
import { useLevel } from '../../../parts/studio/use-level.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button, IconButton } from '../../../ui/Button.tsx'
import { Select } from '../../../ui/Choice.tsx'
import { Tag } from '../../../ui/Marks.tsx'
import { useWords } from '../../../ui/words.tsx'
import './CameraCheck.css'
import { UplinkCheck } from './UplinkCheck.tsx'

/** How I look and sound, before anybody sees or hears it. */
export function CameraCheck({ camera }: { readonly camera: Camera }) {
  const words = useWords('studio')
  const { state, stream } = camera
  const failed = state.at === 'failed' ? state.problem : null
  return (
    <div className="camera-check">
      <div className={camera.wish.portrait ? 'preview preview-tall' : 'preview'}>
        {stream ? <Picture camera={camera} /> : null}
        {stream ? <Tools camera={camera} /> : null}
        {state.at === 'off' ? (
          <div className="preview-empty">
            <CameraIcon size={32} aria-hidden />
            <p>{words('studio.camera_why')}</p>
            <Button kind="ink" onPress={camera.start}>
              {words('studio.camera_on')}
            </Button>
          </div>
        ) : null}
        {state.at === 'asking' ? (
          <div className="preview-empty" role="status">
            <span className="spinner" aria-hidden="true" />
            <p>{words('studio.camera_asking')}</p>
          </div>
        ) : null}
        {failed ? (
          <div className="preview-empty" role="alert">
            <CameraOff size={32} aria-hidden />
            <b>{words(`studio.camera_${failed}`)}</b>
            <p>{words(`studio.camera_${failed}_text`)}</p>
            <Button kind="ink" onPress={camera.start}>
              {words('common.try_again')}
            </Button>
          </div>
        ) : null}
      </div>
      {stream ? <Sound camera={camera} /> : null}
      {stream ? <Devices camera={camera} /> : null}
      {stream ? <UplinkCheck /> : null}
    </div>
  )
}

function Picture({ camera }: { readonly camera: Camera }) {
  const words = useWords('studio')
  const video = useRef<HTMLVideoElement>(null)
  useEffect(() => {
    if (video.current) video.current.srcObject = camera.stream
  }, [camera.stream])
  return (
    <video
      ref={video}
      className={camera.mirrored ? 'preview-video preview-mirrored' : 'preview-video'}
      autoPlay
      muted
      playsInline
      aria-label={words('studio.my_picture')}
    />
  )
}

function Tools({ camera }: { readonly camera: Camera }) {
  const words = useWords('studio')
  const settings = camera.stream?.getVideoTracks()[0]?.getSettings()
  const turn = camera.wish.facing === 'user' ? 'environment' : 'user'
  return (
    <>
      {settings?.width && settings.height ? (
        <span className="preview-size">
          <bdi dir="ltr">{`${settings.width} × ${settings.height} · ${Math.round(settings.frameRate ?? 30)}`}</bdi>
        </span>
      ) : null}
      <span className="preview-tools">
        {camera.cameras.length > 1 ? (
          <IconButton
            kind="stage"
            icon={SwitchCamera}
            label={words('studio.camera_turn')}
            onPress={() => camera.change({ facing: turn, videoId: null })}
          />
        ) : null}
        {camera.wish.facing === 'user' ? (
          <IconButton
            kind="stage"
            icon={FlipHorizontal2}
            label={words('studio.mirror')}
            pressed={camera.mirrored}
            onPress={() => camera.mirror(!camera.mirrored)}
          />
        ) : null}
      </span>
    </>
  )
}

function Sound({ camera }: { readonly camera: Camera }) {
  const words = useWords('studio')
  const meter = useLevel<HTMLDivElement>(camera.stream)
  const silent = camera.state.at === 'on' && camera.state.withoutSound
  if (silent) return <Banner tone="warn">{words('studio.no_microphone')}</Banner>
  return (
    <div className="sound">
      <IconButton
        kind="soft"
        icon={camera.muted ? MicOff : Mic}
        label={words(camera.muted ? 'studio.mic_on' : 'studio.mic_off')}
        pressed={camera.muted}
        onPress={() => camera.mute(!camera.muted)}
      />
      <div ref={meter} className="meter" aria-hidden="true">
        <i />
      </div>
      {camera.muted ? (
        <Tag tone="warn">{words('studio.muted')}</Tag>
      ) : (
        <span className="muted small">{words('studio.say_something')}</span>
      )}
    </div>
  )
}

function Devices({ camera }: { readonly camera: Camera }) {
  const words = useWords('studio')
  const [video, audio] = [camera.stream?.getVideoTracks()[0], camera.stream?.getAudioTracks()[0]]
  const named = (list: Camera['cameras'], name: string) =>
    list.map((one, index) => ({ value: one.id, label: one.label || `${name} ${index + 1}` }))
  return (
    <div className="devices">
      <Select
        label={words('studio.camera')}
        value={video?.getSettings().deviceId ?? ''}
        onChange={(videoId) => camera.change({ videoId })}
        options={named(camera.cameras, words('studio.camera'))}
      />
      {audio ? (
        <Select
          label={words('studio.microphone')}
          value={audio.getSettings().deviceId ?? ''}
          onChange={(audioId) => camera.change({ audioId })}
          options={named(camera.microphones, words('studio.microphone'))}
        />
      ) : null}
      <Select
        label={words('studio.quality')}
        value={String(camera.wish.lines)}
        onChange={(lines) => camera.change({ lines: Number(lines) as 480 | 720 | 1080 })}
        options={(['480', '720', '1080'] as const).map((lines) => ({ value: lines, label: words(`studio.quality_${lines}`) }))}
      />
      <Select
        label={words('studio.format')}
        value={camera.wish.portrait ? 'tall' : 'wide'}
        onChange={(format) => camera.change({ portrait: format === 'tall' })}
        options={[
          { value: 'tall', label: words('studio.format_tall') },
          { value: 'wide', label: words('studio.format_wide') },
        ]}
      />
    </div>
  )
}
