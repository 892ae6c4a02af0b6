/** How the picture is taken. Phones turn it themselves. */
export interface CameraWish {
  readonly videoId: string | null
  readonly audioId: string | null
  readonly facing: 'user' | 'environment'
  readonly lines: 480 | 720 | 1080
  readonly portrait: boolean
}

export type CameraProblem = 'denied' | 'missing' | 'in_use' | 'insecure' | 'unsupported' | 'failed'

export type Opened =
  | { readonly ok: true; readonly stream: MediaStream; readonly withoutSound: boolean }
  | { readonly ok: false; readonly problem: CameraProblem }

/** What a browser's error means for a person. */
export function problemOf(name: string): CameraProblem {
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied'
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'missing'
    case 'NotReadableError':
    case 'AbortError':
      return 'in_use'
    default:
      return 'failed'
  }
}

const longSide = { 480: 854, 720: 1280, 1080: 1920 } as const

/** Sensors lie on their side: a phone held upright turns the picture, so it is asked for lying. */
export function videoWish(wish: CameraWish): MediaTrackConstraints {
  return {
    ...(wish.videoId ? { deviceId: { exact: wish.videoId } } : { facingMode: wish.facing }),
    width: { ideal: longSide[wish.lines] },
    height: { ideal: wish.lines },
    frameRate: { ideal: 30, max: 30 },
  }
}

const audioWish = (wish: CameraWish): MediaTrackConstraints => ({
  ...(wish.audioId ? { deviceId: { exact: wish.audioId } } : {}),
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
})

export async function openCamera(wish: CameraWish): Promise<Opened> {
  if (!isSecureContext) return { ok: false, problem: 'insecure' }
  if (!navigator.mediaDevices?.getUserMedia) return { ok: false, problem: 'unsupported' }
  const whole = await ask({ video: videoWish(wish), audio: audioWish(wish) })
  if (whole.ok) {
    await turn(whole.stream, wish)
    return whole
  }
  if (whole.problem === 'denied') return whole
  // A device that was chosen before is gone, or there is no microphone: rather a picture than nothing.
  const other = await ask({ video: videoWish({ ...wish, videoId: null }), audio: audioWish({ ...wish, audioId: null }) })
  if (other.ok) {
    await turn(other.stream, wish)
    return other
  }
  const silent = await ask({ video: videoWish({ ...wish, videoId: null }) })
  if (!silent.ok) return whole
  await turn(silent.stream, wish)
  return { ...silent, withoutSound: true }
}

async function ask(constraints: MediaStreamConstraints): Promise<Opened> {
  try {
    return { ok: true, stream: await navigator.mediaDevices.getUserMedia(constraints), withoutSound: false }
  } catch (problem) {
    if (problem instanceof DOMException || problem instanceof TypeError) return { ok: false, problem: problemOf(problem.name) }
    throw problem
  }
}

/** An upright picture from a camera that gives a lying one: its middle is cut out. */
async function turn(stream: MediaStream, wish: CameraWish): Promise<void> {
  const [track] = stream.getVideoTracks()
  const { width = 0, height = 0 } = track?.getSettings() ?? {}
  if (!track || !wish.portrait || height >= width) return
  const upright = { width: { ideal: wish.lines }, height: { ideal: longSide[wish.lines] }, aspectRatio: { ideal: 9 / 16 } }
  // A camera that cannot stays as it is: lying is better than dark.
  await track.applyConstraints(upright).catch(() => undefined)
}

export interface Device {
  readonly id: string
  readonly label: string
}

export async function listDevices(): Promise<{ cameras: Device[]; microphones: Device[] }> {
  const all = (await navigator.mediaDevices?.enumerateDevices()) ?? []
  const of = (kind: MediaDeviceKind) =>
    all.filter((one) => one.kind === kind && one.deviceId !== '').map((one) => ({ id: one.deviceId, label: one.label }))
  return { cameras: of('videoinput'), microphones: of('audioinput') }
}

export function closeStream(stream: MediaStream | null): void {
  for (const track of stream?.getTracks() ?? []) track.stop()
}

const storageKey = 'efir.camera'

export function startWish(): CameraWish {
  const upright = matchMedia('(orientation: portrait)').matches
  const first: CameraWish = { videoId: null, audioId: null, facing: 'user', lines: 720, portrait: upright }
  const kept = localStorage.getItem(storageKey)
  if (!kept) return first
  try {
    return { ...first, ...(JSON.parse(kept) as Partial<CameraWish>) }
  } catch (problem) {
    if (problem instanceof SyntaxError) return first
    throw problem
  }
}

export const keepWish = (wish: CameraWish): void => localStorage.setItem(storageKey, JSON.stringify(wish))

/** Bits for a picture of this size: enough for letters, little enough for a phone's uplink. */
export const kbpsFor = (lines: CameraWish['lines']): number => ({ 480: 1_200, 720: 2_800, 1080: 5_000 })[lines]
