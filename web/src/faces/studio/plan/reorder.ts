import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'

export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const rest = list.filter((_, index) => index !== from)
  const one = list[from]
  return one === undefined ? rest : [...rest.slice(0, to), one, ...rest.slice(to)]
}

/** Which row the pointer is over, by the middles of the rows. */
export function rowAt(middles: readonly number[], y: number): number {
  const found = middles.findIndex((middle) => y < middle)
  return found < 0 ? middles.length - 1 : found
}

export interface Reorder {
  /** Row under way and where it would land. */
  readonly drag: { readonly from: number; readonly to: number } | null
  handle(index: number): {
    onPointerDown(event: PointerEvent): void
    onPointerMove(event: PointerEvent): void
    onPointerUp(): void
    onPointerCancel(): void
    onKeyDown(event: KeyboardEvent): void
  }
}

/** Rows are moved by dragging their handle, or by the arrow keys while the handle has the focus. */
export function useReorder(count: number, onMove: (from: number, to: number) => void): Reorder {
  const [drag, setDrag] = useState<Reorder['drag']>(null)
  const middles = useRef<number[]>([])
  return {
    drag,
    handle: (index) => ({
      onPointerDown(event) {
        if (event.button !== 0) return
        const row = (event.currentTarget as HTMLElement).closest('li')
        const rows = [...(row?.parentElement?.children ?? [])]
        middles.current = rows.map((one) => {
          const box = one.getBoundingClientRect()
          return box.top + box.height / 2
        })
        ;(event.currentTarget as HTMLElement).setPointerCapture(event.pointerId)
        setDrag({ from: index, to: index })
      },
      onPointerMove(event) {
        if (drag?.from === index) setDrag({ from: index, to: Math.min(count - 1, rowAt(middles.current, event.clientY)) })
      },
      onPointerUp() {
        if (drag && drag.to !== drag.from) onMove(drag.from, drag.to)
        setDrag(null)
      },
      onPointerCancel: () => setDrag(null),
      onKeyDown(event) {
        const step = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : 0
        const to = index + step
        if (step === 0 || to < 0 || to >= count) return
        event.preventDefault()
        onMove(index, to)
      },
    }),
  }
}
