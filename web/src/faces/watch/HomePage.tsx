import { EmptyState } from '../../ui/State.tsx'
import { useWords } from '../../ui/words.tsx'

export function HomePage() {
  const words = useWords()
  return (
    <main tabIndex={-1}>
      <EmptyState title={words('common.empty')} />
    </main>
  )
}
