import { encode } from 'uqr'
import './Qr.css'
import { useWords } from './words.tsx'

/** An address for another device's camera; always dark on light, or cameras fail. */
export function Qr({ text, size = 160 }: { readonly text: string; readonly size?: number }) {
  const words = useWords()
  const { data, size: cells } = encode(text, { border: 2 })
  const path = data.map((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')).join('')).join('')
  return (
    <svg
      className="qr"
      role="img"
      aria-label={words('common.qr_alt', { address: text })}
      width={size}
      height={size}
      viewBox={`0 0 ${cells} ${cells}`}
    >
      <path d={path} fill="#000" shapeRendering="crispEdges" />
    </svg>
  )
}
