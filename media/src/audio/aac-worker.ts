/** A thread of the media process: Opus packets in, AAC-LC frames out, so that work on sound never delays a part. */
import { parentPort } from 'node:worker_threads'
import { registerAacEncoder } from '@mediabunny/aac-encoder'
import type { EncodedPacket } from 'mediabunny'
import { AdtsOutputFormat, AudioSample, AudioSampleSource, NullTarget, Output } from 'mediabunny'
import { OpusDecoder } from 'opus-decoder'
import { opusSamples } from '../wire/rtp/opus.ts'
import type { AacAnswer, AacCommand, AacFrame } from './aac-messages.ts'
import { AAC_BITRATE, AAC_CHANNELS, AAC_RATE } from './aac-messages.ts'
import { PcmLine } from './pcm-line.ts'

/** The encoder's own delay: frame k holds what went in as frame k - 1 (ISO/IEC 14496-3, one overlap of the transform). */
const PRIMING_SAMPLES = 1024
/** Longest packet of the decoder's input buffer. */
const MAX_PACKET_BYTES = 7_000

const port = parentPort
if (port === null) throw new Error('this file is a worker thread, see aac-encoders.ts')

class Track {
  private readonly id: number
  private readonly decoder = new OpusDecoder({ channels: AAC_CHANNELS })
  private readonly line = new PcmLine(AAC_RATE)
  private readonly source: AudioSampleSource
  private readonly output: Output
  private epoch = 0
  private frames: AacFrame[] = []
  private last: Promise<void>
  private closed = false

  constructor(id: number) {
    this.id = id
    this.source = new AudioSampleSource({ codec: 'aac', bitrate: AAC_BITRATE, onEncodedPacket: (packet) => this.encoded(packet) })
    this.output = new Output({ format: new AdtsOutputFormat(), target: new NullTarget() })
    this.output.addAudioTrack(this.source)
    this.last = Promise.all([this.decoder.ready, this.output.start()]).then(() => undefined)
  }

  /** One after the other: the line of samples knows only one end. */
  enqueue(command: AacCommand): void {
    this.last = this.last
      .then(() => (this.closed ? undefined : this.take(command)))
      .catch((error: unknown) => {
        this.closed = true
        answer({ type: 'failed', id: this.id, reason: error instanceof Error ? error.message : String(error) })
      })
  }

  close(): void {
    this.closed = true
    const free = () => this.decoder.free()
    void this.last.then(free).then(() => this.output.cancel())
  }

  private async take(command: AacCommand): Promise<void> {
    if (command.type === 'break') {
      this.epoch = command.epoch
      this.line.restart()
    } else if (command.type === 'packet') {
      const { data, ptsUs } = command
      const samples = opusSamples(data) ?? 0
      if (samples > 0 && data.length <= MAX_PACKET_BYTES) {
        const silence = this.line.place(ptsUs, samples)
        const hole = new Float32Array(silence)
        if (silence > 0) await this.feed([hole, hole], silence, ptsUs - (silence * 1_000_000) / AAC_RATE)
        const { channelData, samplesDecoded } = this.decoder.decodeFrame(data)
        const [left = new Float32Array(samples), right = left] = samplesDecoded === samples ? channelData : []
        await this.feed([left, right], samples, ptsUs)
      }
      answer({ type: 'taken', id: this.id, frames: this.frames.splice(0) })
    }
  }

  private async feed([left, right]: readonly [Float32Array, Float32Array], samples: number, ptsUs: number): Promise<void> {
    const data = new Float32Array(samples * AAC_CHANNELS)
    data.set(left.subarray(0, samples))
    data.set(right.subarray(0, samples), samples)
    const at = this.line.append(samples, ptsUs)
    const sample = new AudioSample({
      data,
      format: 'f32-planar',
      numberOfChannels: AAC_CHANNELS,
      sampleRate: AAC_RATE,
      timestamp: at / AAC_RATE,
    })
    await this.source.add(sample)
    sample.close()
  }

  private encoded(packet: EncodedPacket): void {
    const ptsUs = this.line.timeOf(Math.round(packet.timestamp * AAC_RATE) - PRIMING_SAMPLES)
    if (ptsUs !== null) this.frames.push({ epoch: this.epoch, ptsUs, data: packet.data })
  }
}

function answer(message: AacAnswer): void {
  port?.postMessage(message)
}

registerAacEncoder()
const tracks = new Map<number, Track>()
port.on('message', (command: AacCommand) => {
  if (command.type === 'open') tracks.set(command.id, new Track(command.id))
  else if (command.type === 'close') {
    tracks.get(command.id)?.close()
    tracks.delete(command.id)
  } else tracks.get(command.id)?.enqueue(command)
})
