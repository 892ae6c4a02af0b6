import { sheetHistory } from '@efir/contract/catalog.ts'
import { textIn } from '@efir/contract/scalars.ts'
import { Plus } from 'lucide-react'
import { Suspense, useState } from 'react'
import { useView } from '../../../net/query.ts'
import { ProblemNote } from '../../../parts/face/problem.tsx'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { cx } from '../../../ui/cx.ts'
import { useKeys } from '../../../ui/keys.ts'
import { Tag } from '../../../ui/Marks.tsx'
import { SidePanel } from '../../../ui/Shell.tsx'
import { EmptyState, Skeleton } from '../../../ui/State.tsx'
import { type Column, Table } from '../../../ui/Table.tsx'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import { lazyPart } from '../frame/lazy-part.tsx'
import { Conflicts } from './Conflicts.tsx'
import { factText } from './fact-text.ts'
import type { ProductView } from './product.tsx'
import { type Fact, factProblem, sameFact, sinceVersions, withFact } from './sheet.ts'
import { useSheet } from './use-sheet.ts'

const FactForm = lazyPart(() => import('./FactForm.tsx'), 'FactForm')

const blank: Fact = { key: '', type: 'quantity', value: 0, unit: '1', label: {} }

/** The typed spec sheet. Changes are gathered, then published together as the next version. */
export function SheetTab({ product, mine }: { readonly product: ProductView; readonly mine: boolean }) {
  const words = useWords('office', 'refusals', 'units')
  const sheet = useSheet(product)
  const [at, setAt] = useState<string | null>(null)
  const history = useView(sheetHistory, { productId: product.id })
  const since = sinceVersions(history.value?.sheets ?? [])
  const wrong = sheet.facts.some((fact) => factProblem(fact) !== null)
  const fact = at === '' ? blank : sheet.facts.find((one) => one.key === at)
  useKeys({
    ...(mine ? { n: () => setAt('') } : {}),
    ...(at !== null ? { Escape: () => setAt(null) } : {}),
  })
  return (
    <div className="page-with-panel">
      <div className="office-page">
        <Versions product={product} history={history.value?.sheets ?? []} onRestore={mine ? sheet.restore : undefined} />
        {sheet.changes > 0 ? (
          <div className="bulk">
            <b aria-live="polite">{words('office.n_changes', { n: sheet.changes })}</b>
            <span className="bulk-actions">
              <Button size="s" kind="ghost" onPress={sheet.reset}>
                {words('office.undo_changes')}
              </Button>
              <Button
                size="s"
                kind="ink"
                busy={sheet.busy}
                disabled={wrong || sheet.conflicts.length > 0}
                onPress={() => void sheet.publish()}
              >
                {words('office.publish_version', { version: sheet.overVersion + 1 })}
              </Button>
            </span>
          </div>
        ) : null}
        {sheet.newer ? (
          <div className="office-note">
            <Banner tone="warn" title={words('office.sheet_newer', { version: sheet.overVersion })}>
              {words('office.sheet_newer_text', { n: sheet.conflicts.length })}
            </Banner>
          </div>
        ) : null}
        {sheet.problem ? (
          <div className="office-note">
            <ProblemNote problem={sheet.problem} />
          </div>
        ) : null}
        <Conflicts conflicts={sheet.conflicts} onChoose={sheet.choose} />
        <div className="office-rows">
          <Facts facts={sheet.facts} saved={product.sheet.attributes} since={since} at={at} onOpen={setAt} />
          {mine ? (
            <div className="add-fact">
              <Button size="s" icon={Plus} keyHint="N" onPress={() => setAt('')}>
                {words('office.add_fact')}
              </Button>
            </div>
          ) : null}
        </div>
      </div>
      <SidePanel
        open={fact !== undefined}
        onClose={() => setAt(null)}
        title={words(at === '' ? 'office.add_fact' : 'office.fact')}
      >
        {fact ? (
          <Suspense fallback={<Skeleton height="320px" />}>
            <FactForm
              key={at}
              fact={fact}
              isNew={at === ''}
              taken={sheet.facts.map((one) => one.key)}
              disabled={!mine}
              onClose={() => setAt(null)}
              onDone={(next) => {
                sheet.set(withFact(sheet.facts, next.key, next))
                setAt(at === '' ? null : next.key)
              }}
              onRemove={() => {
                sheet.set(withFact(sheet.facts, fact.key, undefined))
                setAt(null)
              }}
            />
          </Suspense>
        ) : null}
      </SidePanel>
    </div>
  )
}

interface FactsProps {
  readonly facts: readonly Fact[]
  readonly saved: readonly Fact[]
  readonly since: ReadonlyMap<string, number>
  readonly at: string | null
  readonly onOpen: (key: string) => void
}

function Facts({ facts, saved, since, at, onOpen }: FactsProps) {
  const words = useWords('office', 'units')
  const { locale } = useLanguage()
  const was = (fact: Fact) => saved.find((one) => one.key === fact.key)
  const columns: readonly Column<Fact>[] = [
    {
      id: 'label',
      head: words('office.fact'),
      width: '32%',
      cell: (row) => <bdi>{textIn(row.label, locale) || row.key}</bdi>,
      narrow: 'title',
    },
    {
      id: 'type',
      head: words('office.type'),
      width: '16%',
      cell: (row) => words(`office.type_${row.type}`),
      tone: 'muted',
      narrow: 'meta',
    },
    {
      id: 'value',
      head: words('office.value'),
      cell: (row) => {
        const before = was(row)
        const changed = !sameFact(before, row)
        return (
          <span className={cx(changed && 'fact-changed')}>
            {changed && before ? <s className="muted">{factText(locale, words, before)}</s> : null}{' '}
            <bdi>{factText(locale, words, row) || '–'}</bdi>
          </span>
        )
      },
      tone: 'strong',
      narrow: 'state',
    },
    {
      id: 'since',
      head: words('office.since_version'),
      width: '96px',
      align: 'end',
      tone: 'muted',
      cell: (row) =>
        sameFact(was(row), row) ? (
          since.has(row.key) ? (
            words('office.version_n', { n: since.get(row.key) ?? 0 })
          ) : (
            '–'
          )
        ) : (
          <Tag>{words('office.draft')}</Tag>
        ),
    },
  ]
  return (
    <Table
      label={words('office.tab_sheet')}
      columns={columns}
      rows={facts}
      idOf={(row) => row.key}
      current={at}
      onOpen={(row) => onOpen(row.key)}
      empty={<EmptyState title={words('office.no_facts')} text={words('office.no_facts_text')} />}
    />
  )
}

interface VersionsProps {
  readonly product: ProductView
  readonly history: readonly { readonly version: number; readonly writtenAt?: number; readonly attributes: readonly Fact[] }[]
  readonly onRestore: ((facts: readonly Fact[]) => void) | undefined
}

/** What stood when; an older version can be taken up again as a draft. */
function Versions({ product, history, onRestore }: VersionsProps) {
  const words = useWords('office')
  const formats = useFormats()
  return (
    <ol className="versions" aria-label={words('office.versions')}>
      {[...history].reverse().map((one) => {
        const now = one.version === product.sheet.version
        const text = `${words('office.version_n', { n: one.version })}${one.writtenAt ? ` · ${formats.date(one.writtenAt, 'day')}` : ''}`
        return (
          <li key={one.version} className={cx('version', now && 'version-now')} aria-current={now ? 'step' : undefined}>
            {now || !onRestore ? (
              text
            ) : (
              <button
                type="button"
                className="row-link"
                title={words('office.restore_version')}
                onClick={() => onRestore(one.attributes)}
              >
                {text}
              </button>
            )}
          </li>
        )
      })}
    </ol>
  )
}
