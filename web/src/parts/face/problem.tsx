import type { Problem } from '../../net/api.ts'
import { useOnline } from '../../net/online.ts'
import { Banner } from '../../ui/Banner.tsx'
import { ErrorState } from '../../ui/State.tsx'
import { useWords, type Words } from '../../ui/words.tsx'

/** The sentence for a refusal or a failure: what happened and what to do next. */
export function problemText(words: Words<'refusals'>, problem: Problem): string {
  if (problem.refusal === null) return words(problem.failure === 'network' ? 'common.problem_network' : 'common.problem_defect')
  const key = `refusals.${problem.refusal}`
  return words.has(key) ? words(key as 'refusals.busy', problem.params) : words('common.problem_defect')
}

export function useProblemText(): (problem: Problem) => string {
  const words = useWords('refusals')
  return (problem) => problemText(words, problem)
}

/** In the place of a page or list that could not be loaded. */
export function ProblemState({ problem, again }: { readonly problem: Problem; readonly again?: () => void }) {
  const text = useProblemText()
  return <ErrorState text={text(problem)} again={again} requestId={problem.requestId} />
}

/** Beside the button whose act was refused; the button stays for the next try. */
export function ProblemNote({ problem }: { readonly problem: Problem | null }) {
  const text = useProblemText()
  return problem ? <Banner tone="danger">{text(problem)}</Banner> : null
}

export function OfflineBanner() {
  const words = useWords()
  if (useOnline()) return null
  return (
    <Banner tone="warn" title={words('common.offline')}>
      {words('common.offline_text')}
    </Banner>
  )
}
