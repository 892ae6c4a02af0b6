import { timecode } from '@efir/words/formats.ts'
import { useFormats, useWords } from '../../../ui/words.tsx'
import { perStep, type Span, ticks } from './timeline.ts'

export interface PinBand {
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
const lanes = { pins: { y: 4, h: 22 }, sold: { y: 40, h: 64 }, said: { y: 118, h: 28 } } as const
const axisY = 156

/** Lanes on one time axis, each of a form of its own. Time runs from left to right in every script. */
export function TimeLine({ span, pins, sold, said, playheadAt, onSeek }: TimeLineProps) {
  const words = useWords('office')
  const formats = useFormats()
  const lengthMs = Math.max(60_000, span.toAt - span.fromAt)
  const x = (at: number) => ((at - span.fromAt) / lengthMs) * width
  const bars = perStep(span, 60_000, sold)
  const dots = perStep(span, 60_000, said)
  const most = Math.max(1, ...bars)
  const loudest = Math.max(1, ...dots)
  const stepWidth = (60_000 / lengthMs) * width
  const summary = words('office.timeline_text', {
    pins: formats.number(pins.length),
    sold: formats.number(bars.reduce((sum, one) => sum + one, 0)),
    said: formats.number(dots.reduce((sum, one) => sum + one, 0)),
  })
  return (
    <div className="timeline">
      <div className="timeline-names" aria-hidden="true">
        <span style={{ insetBlockStart: lanes.pins.y }}>{words('office.pinned')}</span>
        <span style={{ insetBlockStart: lanes.sold.y }}>{words('office.sold_a_minute', { most: formats.number(most) })}</span>
        <span style={{ insetBlockStart: lanes.said.y }}>{words('office.chat')}</span>
      </div>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: by keyboard the chapters and the arrow keys do the same */}
      <svg
        className="timeline-plot"
        viewBox={`0 0 ${width} 176`}
        preserveAspectRatio="none"
        role="img"
        aria-label={summary}
        onClick={(event) => {
          const box = event.currentTarget.getBoundingClientRect()
          onSeek?.(span.fromAt + ((event.clientX - box.left) / box.width) * lengthMs)
        }}
      >
        {ticks(span).map((ms) => (
          <line key={ms} className="timeline-grid" x1={x(span.fromAt + ms)} x2={x(span.fromAt + ms)} y1="0" y2={axisY} />
        ))}
        {pins.map((pin) => (
          <g key={`${pin.fromAt}-${pin.label}`}>
            <rect
              className="timeline-band"
              x={x(pin.fromAt)}
              width={Math.max(2, x(pin.toAt) - x(pin.fromAt))}
              y="0"
              height={axisY}
            />
            <rect
              className="timeline-pin"
              x={x(pin.fromAt)}
              width={Math.max(2, x(pin.toAt) - x(pin.fromAt))}
              y={lanes.pins.y}
              height={lanes.pins.h}
            />
          </g>
        ))}
        {bars.map((n, index) => (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a minute is its place on the axis
            key={index}
            className="timeline-sold"
            x={index * stepWidth + stepWidth * 0.15}
            width={stepWidth * 0.7}
            y={lanes.sold.y + lanes.sold.h * (1 - n / most)}
            height={lanes.sold.h * (n / most)}
          />
        ))}
        <line className="timeline-base" x1="0" x2={width} y1={lanes.sold.y + lanes.sold.h} y2={lanes.sold.y + lanes.sold.h} />
        {dots.map((n, index) =>
          n === 0 ? null : (
            <rect
              // biome-ignore lint/suspicious/noArrayIndexKey: a minute is its place on the axis
              key={index}
              className="timeline-said"
              x={index * stepWidth + stepWidth * 0.3}
              width={stepWidth * 0.4}
              y={lanes.said.y + (lanes.said.h * (1 - n / loudest)) / 2}
              height={Math.max(3, lanes.said.h * (n / loudest))}
              rx="2"
            />
          ),
        )}
        {playheadAt !== null ? <line className="timeline-head" x1={x(playheadAt)} x2={x(playheadAt)} y1="0" y2={axisY} /> : null}
      </svg>
      <div className="timeline-ticks" aria-hidden="true">
        {ticks(span).map((ms) => (
          <span key={ms} style={{ left: `${(ms / lengthMs) * 100}%` }}>
            {timecode(ms)}
          </span>
        ))}
      </div>
    </div>
  )
}
