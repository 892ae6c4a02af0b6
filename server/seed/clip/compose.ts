import type { Clip, ClipFrame } from '@efir/media/publish/clip.ts'
import type { Program } from './program.ts'

/**
 * The clip cut into the stretches of a program. Pictures go by stretch; sound keeps its own even spacing across the seams,
 * each frame taken from the place of the clip that is on screen, so that its clock never jumps.
 */
export function composeClip(clip: Clip, program: Program): Clip {
  const audio = clip.frames.filter((f) => f.kind === 'audio')
  const video = clip.frames.filter((f) => f.kind === 'video')
  const frames: ClipFrame[] = []
  const stepMs = spacing(audio)
  let startMs = 0
  let soundMs = 0
  for (const { fromMs, toMs, times } of program.stretches) {
    const pictures = video.filter((f) => f.atMs >= fromMs && f.atMs < toMs)
    for (let round = 0; round < times; round++) {
      const endMs = startMs + toMs - fromMs
      for (const frame of pictures) frames.push({ ...frame, atMs: startMs + frame.atMs - fromMs })
      for (; stepMs > 0 && soundMs < endMs; soundMs += stepMs) {
        const index = Math.round((fromMs + soundMs - startMs) / stepMs)
        const sound = audio[Math.min(index, audio.length - 1)]
        if (sound) frames.push({ ...sound, atMs: Math.round(soundMs) })
      }
      startMs = endMs
    }
  }
  frames.sort((a, b) => a.atMs - b.atMs)
  return { headers: clip.headers, frames, durationMs: program.durationMs }
}

function spacing(frames: readonly ClipFrame[]): number {
  const first = frames[0]
  const last = frames.at(-1)
  return first && last && frames.length > 1 ? (last.atMs - first.atMs) / (frames.length - 1) : 0
}
