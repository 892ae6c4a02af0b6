import { textIn } from '@efir/contract/scalars.ts'
import { Button } from '../../../ui/Button.tsx'
import { useLanguage, useWords } from '../../../ui/words.tsx'
import { factText } from './fact-text.ts'
import type { Conflict, Fact } from './sheet.ts'

export interface ConflictsProps {
  readonly conflicts: readonly Conflict[]
  readonly onChoose: (conflict: Conflict, fact: Fact | undefined) => void
}

/** Two values for one fact: somebody has to say which is true. */
export function Conflicts({ conflicts, onChoose }: ConflictsProps) {
  const words = useWords('office', 'units')
  const { locale } = useLanguage()
  if (conflicts.length === 0) return null
  const said = (fact: Fact | undefined) => (fact ? factText(locale, words, fact) : words('office.taken_out'))
  return (
    <ul className="conflicts">
      {conflicts.map((conflict) => (
        <li key={conflict.key}>
          <b>
            <bdi>{textIn((conflict.theirs ?? conflict.mine)?.label, locale)}</bdi>
          </b>
          <Button size="s" onPress={() => onChoose(conflict, conflict.theirs)}>
            {words('office.keep_theirs', { value: said(conflict.theirs) })}
          </Button>
          <Button size="s" onPress={() => onChoose(conflict, conflict.mine)}>
            {words('office.keep_mine', { value: said(conflict.mine) })}
          </Button>
        </li>
      ))}
    </ul>
  )
}
