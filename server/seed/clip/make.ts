/**
 * Draws the demo clips anew: `node server/seed/clip/make.ts [name]`. Run by hand, needs ffmpeg;
 * the FLV files beside it are what the demo plays.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, framesOfClip } from './frames.ts'
import { composeLoop } from './music.ts'
import { CLIPS, type ClipPlan, FRAME_RATE, framesOf, SAMPLE_RATE, secondsOf } from './plan.ts'

const ffmpeg = async (args: readonly string[], feed?: AsyncIterable<Buffer>): Promise<void> => {
  const child = spawn('ffmpeg', ['-y', '-v', 'error', ...args], { stdio: [feed ? 'pipe' : 'ignore', 'inherit', 'inherit'] })
  const ended = once(child, 'exit')
  if (feed && child.stdin) {
    for await (const chunk of feed) if (!child.stdin.write(chunk)) await once(child.stdin, 'drain')
    child.stdin.end()
  }
  const [code] = await ended
  if (code !== 0) throw new Error(`ffmpeg ended with ${code}`)
}

/** The lengths of ADTS frames (ISO/IEC 13818-7, 6.2: thirteen bits across bytes 3 to 5). */
const adtsFrames = (bytes: Buffer): Buffer[] => {
  const frames: Buffer[] = []
  for (let at = 0; at + 7 <= bytes.length; ) {
    const length = ((bytes.readUInt8(at + 3) & 3) << 11) | (bytes.readUInt8(at + 4) << 3) | (bytes.readUInt8(at + 5) >> 5)
    frames.push(bytes.subarray(at, at + length))
    at += length
  }
  return frames
}

/** Encodes the loop three times over and keeps the middle, whose first frame overlaps with its own last. */
const encodeAudio = async (plan: ClipPlan, folder: string): Promise<string> => {
  const loop = composeLoop(secondsOf(plan), plan.melody)
  const [pcm, whole, middle] = [join(folder, 'a.pcm'), join(folder, 'a.aac'), join(folder, 'loop.aac')]
  await writeFile(pcm, Buffer.concat([loop, loop, loop]))
  await ffmpeg(['-f', 's16le', '-ar', String(SAMPLE_RATE), '-ac', '2', '-i', pcm, '-c:a', 'aac', '-b:a', '72k', whole])
  const frames = adtsFrames(await readFile(whole))
  const count = loop.length / 4 / 1024
  await writeFile(middle, Buffer.concat(frames.slice(count, count * 2)))
  return middle
}

const encodeVideo = async (plan: ClipPlan, folder: string): Promise<string> => {
  const out = join(folder, 'v.h264')
  const every = String(plan.keyframeEvery)
  await ffmpeg(
    [
      '-f',
      'rawvideo',
      '-pix_fmt',
      'rgb24',
      '-s',
      `${plan.width}x${plan.height}`,
      '-r',
      String(FRAME_RATE),
      '-i',
      '-',
      '-vf',
      'scale=out_color_matrix=bt709:out_range=tv,format=yuv420p',
      '-c:v',
      'libx264',
      '-preset',
      'slower',
      '-tune',
      'animation',
      '-profile:v',
      'baseline',
      '-level',
      '3.1',
      '-bf',
      '0',
      '-g',
      every,
      '-keyint_min',
      every,
      '-sc_threshold',
      '0',
      '-flags',
      '+cgop',
      '-crf',
      '20',
      '-maxrate',
      `${plan.kbps}k`,
      '-bufsize',
      `${plan.kbps * 2}k`,
      '-colorspace',
      'bt709',
      '-color_primaries',
      'bt709',
      '-color_trc',
      'bt709',
      '-f',
      'h264',
      out,
    ],
    framesOfClip(plan, framesOf(plan)),
  )
  return out
}

const makeClip = async (plan: ClipPlan): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'efir-clip-'))
  try {
    const [audio, video] = [await encodeAudio(plan, folder), await encodeVideo(plan, folder)]
    const out = fileURLToPath(new URL(`./${plan.name}.flv`, import.meta.url))
    await ffmpeg([
      '-r',
      String(FRAME_RATE),
      '-i',
      video,
      '-i',
      audio,
      '-map',
      '0:v',
      '-map',
      '1:a',
      '-c',
      'copy',
      '-map_metadata',
      '-1',
      '-fflags',
      '+bitexact',
      '-f',
      'flv',
      out,
    ])
    process.stdout.write(`${describe(plan)}, ${((await stat(out)).size / 1e6).toFixed(2)} MB\n`)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

for (const plan of CLIPS) if (process.argv[2] === undefined || process.argv[2] === plan.name) await makeClip(plan)
