import { type RefObject, useEffect, useRef } from 'react'

const readEveryMs = 66

/** Sets `--level` (0..1) on an element as loud as the microphone is; nothing renders. */
export function useLevel<E extends HTMLElement>(stream: MediaStream | null): RefObject<E | null> {
  const element = useRef<E>(null)
  useEffect(() => {
    const [track] = stream?.getAudioTracks() ?? []
    if (!stream || !track) {
      element.current?.style.setProperty('--level', '0')
      return
    }
    const context = new AudioContext()
    const source = context.createMediaStreamSource(new MediaStream([track]))
    const analyser = context.createAnalyser()
    analyser.fftSize = 1024
    source.connect(analyser)
    const samples = new Float32Array(analyser.fftSize)
    let shown = 0
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples)
      let sum = 0
      for (const one of samples) sum += one * one
      const loud = loudness(Math.sqrt(sum / samples.length))
      // Up at once, down slowly: as meters do.
      shown = Math.max(loud, shown * 0.82)
      element.current?.style.setProperty('--level', shown.toFixed(3))
    }, readEveryMs)
    // Browsers keep it asleep until the first tap.
    const wake = () => void context.resume()
    addEventListener('pointerdown', wake)
    return () => {
      clearInterval(timer)
      removeEventListener('pointerdown', wake)
      source.disconnect()
      void context.close()
    }
  }, [stream])
  return element
}

/** From the root mean square: -60 dB is 0, full scale is 1. */
export const loudness = (rms: number): number => (rms <= 0 ? 0 : Math.min(1, Math.max(0, (20 * Math.log10(rms) + 60) / 60)))
