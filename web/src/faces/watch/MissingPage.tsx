import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/State.tsx'
import { useWords } from '../../ui/words.tsx'
import { SitePage } from './site/SitePage.tsx'

export function MissingPage() {
  const words = useWords('store')
  const title = words('common.not_found_title')
  return (
    <SitePage title={title} quiet>
      <EmptyState
        title={title}
        text={words('common.not_found_text')}
        action={<Button to="/">{words('common.go_home')}</Button>}
      />
    </SitePage>
  )
}
