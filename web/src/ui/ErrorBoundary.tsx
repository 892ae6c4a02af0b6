import { Component, type ReactNode } from 'react'
import { ErrorState } from './State.tsx'
import { useWords } from './words.tsx'

/** A defect in a page leaves the rest standing and offers a way on. */
export class ErrorBoundary extends Component<
  { readonly children: ReactNode; readonly onBroken?: () => void },
  { readonly error: Error | null }
> {
  override state: { readonly error: Error | null } = { error: null }

  static getDerivedStateFromError(error: Error) {
    return { error }
  }

  override componentDidCatch(): void {
    this.props.onBroken?.()
  }

  override render() {
    if (!this.state.error) return this.props.children
    return <BrokenPage again={() => this.setState({ error: null })} error={this.state.error} />
  }
}

/** After a release the old page asks for chunks that are gone: a reload brings the new ones. */
const isLostChunk = (error: Error) => /dynamically imported module|importing a module|module script/i.test(error.message)

function BrokenPage({ error, again }: { readonly error: Error; readonly again: () => void }) {
  const words = useWords()
  return (
    <main tabIndex={-1}>
      <ErrorState
        title={words('common.problem_page')}
        text={words('common.problem_defect')}
        again={isLostChunk(error) ? () => location.reload() : again}
      />
    </main>
  )
}
