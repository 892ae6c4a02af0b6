import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/State.tsx'
import { useWords } from '../../ui/words.tsx'

export function MissingPage() {
  const words = useWords()
  return (
    <main tabIndex={-1}>
      <EmptyState
        title={words('common.not_found_title')}
        text={words('common.not_found_text')}
        action={<Button to="/">{words('common.go_home')}</Button>}
      />
    </main>
  )
}
