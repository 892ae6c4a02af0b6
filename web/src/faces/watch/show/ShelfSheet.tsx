import { Sheet } from '../../../ui/Sheet.tsx'
import { useWords } from '../../../ui/words.tsx'
import { ShelfList } from './ShelfList.tsx'
import type { Dock } from './use-dock.ts'

export function ShelfSheet({
  dock,
  live,
  open,
  onClose,
}: {
  readonly dock: Dock
  readonly live: boolean
  readonly open: boolean
  readonly onClose: () => void
}) {
  const words = useWords('watch')
  return (
    <Sheet open={open} onClose={onClose} title={words('watch.shelf_count', { n: dock.shelf.lots.length })} height="video">
      <ShelfList dock={dock} look="list" live={live} onChoose={onClose} />
    </Sheet>
  )
}
