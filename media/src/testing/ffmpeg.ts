import { spawn } from 'node:child_process'

export interface Encoder {
  readonly log: () => string
  kill(signal?: NodeJS.Signals): void
  readonly exited: Promise<number | null>
}

export interface EncodeOptions {
  readonly url: string
  readonly seconds?: number
  readonly size?: string
  readonly fps?: number
  readonly gop?: number
  readonly bframes?: number
  readonly audio?: readonly string[]
  readonly video?: readonly string[]
  readonly extra?: readonly string[]
  readonly realtime?: boolean
}

/** A real encoder: test picture and tone, x264 and AAC unless told otherwise. */
export function encode(options: EncodeOptions): Encoder {
  const { url, seconds = 60, size = '320x180', fps = 25, gop = 25, bframes = 0 } = options
  const video = options.video ?? [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-tune',
    'zerolatency',
    '-bf',
    `${bframes}`,
    '-g',
    `${gop}`,
    '-sc_threshold',
    '0',
    '-b:v',
    '300k',
    '-pix_fmt',
    'yuv420p',
  ]
  const audio = options.audio ?? ['-c:a', 'aac', '-b:a', '64k', '-ar', '48000', '-ac', '2']
  const pace = options.realtime === false ? [] : ['-re']
  const args = [
    '-hide_banner',
    '-loglevel',
    'warning',
    '-nostdin',
    ...pace,
    '-f',
    'lavfi',
    '-i',
    `testsrc2=size=${size}:rate=${fps}`,
    ...pace,
    '-f',
    'lavfi',
    '-i',
    'sine=frequency=440:sample_rate=48000',
    '-t',
    `${seconds}`,
    ...video,
    ...audio,
    ...(options.extra ?? []),
    '-f',
    'flv',
    url,
  ]
  const child = spawn('ffmpeg', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let text = ''
  child.stderr.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  const exited = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)))
  return { log: () => text, kill: (signal = 'SIGKILL') => void child.kill(signal), exited }
}
