import { timecode } from '@efir/words/formats.ts'
import { useFormats, useWords } from '../../../ui/words.tsx'
import { perStep, type Span, stepOf, ticks } from './timeline.ts'

export interface PinBand {
  /** Of its lot. */
  readonly number: number
  readonly label: string
  readonly fromAt: number
  readonly toAt: number
}

export interface TimeLineProps {
  readonly span: Span
  readonly pins: readonly PinBand[]
  readonly sold: readonly { readonly at: number; readonly n: number }[]
  readonly said: readonly { readonly at: number; readonly n: number }[]
  /** Of the replay: where it is now. */
  readonly playheadAt: number | null
  readonly onSeek: ((at: number) => void) | undefined
}

const width = 1000
const lanes = { pins: { y: 2, h: 26 }, sold: { y: 42, h: 64 }, said: { y: 120, h: 28 } } as const
const axisY = 156

/** Lanes on one time axis, each of a form of its own. Time runs from left to right in every script. */
export function TimeLine({ span, pins, sold, said, playheadAt, onSeek }: TimeLineProps) {
  const words = useWords('office')
  const formats = useFormats()
  const lengthMs = Math.max(60_000, span.toAt - span.fromAt)
  const stepMs = stepOf(span)
  const part = (at: number) => Math.min(1, Math.max(0, (at - span.fromAt) / lengthMs))
  const bars = perStep(span, stepMs, sold)
  const dots = perStep(span, stepMs, said)
  const most = Math.max(1, ...bars)
  const loudest = Math.max(1, ...dots)
  const stepWidth = (stepMs / lengthMs) * width
  const sum = (list: readonly number[]) => formats.number(list.reduce((all, one) => all + one, 0))
  const summary = words('office.timeline_text', { pins: formats.number(pins.length), sold: sum(bars), said: sum(dots) })
  const soldText = words('office.sold_in_step', { step: formats.duration(stepMs), most: formats.number(most) })
  return (
    <div className="timeline">
      <div className="timeline-names" aria-hidden="true">
        <span style={{ insetBlockStart: lanes.pins.y + 4 }}>{words('office.pinned')}</span>
        <span style={{ insetBlockStart: lanes.sold.y }}>{soldText}</span>
        <span style={{ insetBlockStart: lanes.said.y + 4 }}>{words('office.chat')}</span>
      </div>
      <div className="timeline-field">
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: by keyboard the chapters and the arrow keys do the same */}
        <svg
          className="timeline-plot"
          viewBox={`0 0 ${width} 160`}
          preserveAspectRatio="none"
          role="img"
          aria-label={summary}
          onClick={(event) => {
            const box = event.currentTarget.getBoundingClientRect()
            onSeek?.(span.fromAt + ((event.clientX - box.left) / box.width) * lengthMs)
          }}
        >
          {ticks(span).map((ms) => (
            <line
              key={ms}
              className="timeline-grid"
              x1={(ms / lengthMs) * width}
              x2={(ms / lengthMs) * width}
              y1="0"
              y2={axisY}
            />
          ))}
          {bars.map((n, index) => (
            <rect
              // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place on the axis
              key={index}
              className="timeline-sold"
              x={index * stepWidth + stepWidth * 0.15}
              width={stepWidth * 0.7}
              y={lanes.sold.y + lanes.sold.h * (1 - n / most)}
              height={lanes.sold.h * (n / most)}
            />
          ))}
          <line className="timeline-base" x1="0" x2={width} y1={lanes.sold.y + lanes.sold.h} y2={lanes.sold.y + lanes.sold.h} />
        </svg>
        <div className="timeline-over" aria-hidden="true">
          {pins.map((pin) => (
            <span
              key={`${pin.fromAt}-${pin.label}`}
              className="timeline-pin"
              style={{ left: `${part(pin.fromAt) * 100}%`, width: `${(part(pin.toAt) - part(pin.fromAt)) * 100}%` }}
            >
              <span>
                {formats.number(pin.number)} <bdi>{pin.label}</bdi>
              </span>
            </span>
          ))}
          {dots.map((n, index) =>
            n === 0 ? null : (
              <i
                // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place on the axis
                key={index}
                className="timeline-said"
                style={{
                  left: `${((index + 0.5) * stepMs * 100) / lengthMs}%`,
                  inlineSize: size(n, loudest),
                  blockSize: size(n, loudest),
                }}
              />
            ),
          )}
          {playheadAt !== null ? <i className="timeline-head" style={{ left: `${part(playheadAt) * 100}%` }} /> : null}
        </div>
        <div className="timeline-ticks" aria-hidden="true">
          {ticks(span).map((ms) => (
            <span key={ms} style={{ left: `${(ms / lengthMs) * 100}%` }}>
              {timecode(ms)}
            </span>
          ))}
        </div>
      </div>
    </div>
  )
}

/** The area of a dot is the count. */
const size = (n: number, most: number): number => 4 + Math.sqrt(n / most) * 12
