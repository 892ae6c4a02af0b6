import type { AudioConfig, MediaSample, SampleSink, TrackConfig, VideoConfig } from '../sample.ts'
import type { AacEncoders, AacTrack } from './aac-encoders.ts'
import type { AacFrame } from './aac-messages.ts'
import { AAC_OUT } from './aac-messages.ts'

export interface AacSinkOptions {
  readonly encoders: Pick<AacEncoders, 'open'>
  /** Called with the first Opus: shows whose sound is AAC already need no second rendition. */
  readonly openRendition: () => SampleSink
  readonly onFailed: (reason: string) => void
}

/**
 * Gives a show a rendition whose sound is AAC: pictures pass as they are, Opus is encoded anew, AAC passes. When the encoder fails, the
 * rendition goes on with the Opus it has: whoever can hear it does.
 */
export class AacSink implements SampleSink {
  private readonly options: AacSinkOptions
  private target: SampleSink | null = null
  private track: AacTrack | null = null
  private video: VideoConfig | null = null
  private opus: AudioConfig | null = null
  private epoch = 0

  constructor(options: AacSinkOptions) {
    this.options = options
  }

  configure(config: TrackConfig): void {
    if (config.track === 'video') {
      this.video = config
      this.target?.configure(config)
      return
    }
    this.opus = config.codec === 'opus' ? config : null
    if (this.opus === null) {
      this.stop()
      this.target?.configure(config)
      return
    }
    const target = this.target ?? this.begin()
    this.track ??= this.options.encoders.open({
      frame: (frame) => this.encoded(frame),
      failed: (reason) => this.failed(reason),
    })
    this.track?.break(this.epoch)
    target.configure(this.track === null ? config : AAC_OUT)
  }

  sample(sample: MediaSample): void {
    if (sample.track === 'audio' && this.track !== null) this.track.packet(sample.ptsUs, sample.data)
    else this.target?.sample(sample)
  }

  discontinuity(): void {
    this.epoch += 1
    this.track?.break(this.epoch)
    this.target?.discontinuity()
  }

  end(): void {
    this.stop()
    this.target?.end()
  }

  private begin(): SampleSink {
    const target = this.options.openRendition()
    this.target = target
    if (this.video !== null) target.configure(this.video)
    return target
  }

  private encoded({ epoch, ptsUs, data }: AacFrame): void {
    // Late frames of the timeline before a break have no place any more.
    if (epoch === this.epoch && this.track !== null) this.target?.sample({ track: 'audio', dtsUs: ptsUs, ptsUs, key: true, data })
  }

  private failed(reason: string): void {
    this.track = null
    this.options.onFailed(reason)
    if (this.opus !== null) this.target?.configure(this.opus)
  }

  private stop(): void {
    this.track?.close()
    this.track = null
  }
}
