import { useEffect, useMemo, useState } from 'react'
import { FieldGroup } from '../../../ui/Field.tsx'
import { Tag } from '../../../ui/Marks.tsx'
import { setQuery, usePlace } from '../../../ui/router.tsx'
import { EmptyState, ErrorState, Skeleton } from '../../../ui/State.tsx'
import { SearchInput, TextInput } from '../../../ui/TextInput.tsx'
import { useWords } from '../../../ui/words.tsx'
import { SitePage } from '../site/SitePage.tsx'
import { ActBody } from './ActBody.tsx'
import { type Description, type Listed, listed } from './description.ts'
import './Reference.css'

/** GET /openapi.json, readable. */
export function ReferencePage() {
  const words = useWords('developers')
  const { query } = usePlace()
  const [description, setDescription] = useState<Description | null>(null)
  const [failed, setFailed] = useState(false)
  const [key, setKey] = useState('')
  const search = query.get('q') ?? ''
  const load = () => {
    setFailed(false)
    fetch('/openapi.json').then(
      async (answer) => setDescription((await answer.json()) as Description),
      () => setFailed(true),
    )
  }
  useEffect(load, [])
  const groups = useMemo(() => {
    const wanted = search.trim().toLowerCase()
    const fits = (one: Listed) => `${one.name} ${one.path} ${one.operation.summary}`.toLowerCase().includes(wanted)
    return Map.groupBy(description ? listed(description).filter(fits) : [], (one) => one.module)
  }, [description, search])
  return (
    <SitePage title={words('developers.reference')}>
      <header className="ref-head">
        <h1>{words('developers.reference')}</h1>
        <p className="muted">{words('developers.reference_text')}</p>
        <p>
          <a className="text-link" href="/openapi.json">
            openapi.json
          </a>
        </p>
        <div className="ref-tools">
          <SearchInput label={words('developers.search')} value={search} onChange={(q) => setQuery({ q: q || null })} />
          <FieldGroup label={words('developers.try_it')} hideLabel>
            <TextInput
              label={words('developers.api_key')}
              hint={words('developers.api_key_hint')}
              type="password"
              value={key}
              onChange={setKey}
              autoComplete="off"
              dir="ltr"
            />
          </FieldGroup>
        </div>
      </header>
      {failed ? <ErrorState text={words('common.problem_network')} again={load} /> : null}
      {description === null && !failed ? <Skeleton height="480px" /> : null}
      {description && groups.size === 0 ? <EmptyState title={words('developers.nothing_found')} /> : null}
      {description
        ? [...groups].map(([module, acts]) => (
            <Module key={module} name={module} acts={acts} description={description} apiKey={key} />
          ))
        : null}
    </SitePage>
  )
}

function Module(props: {
  readonly name: string
  readonly acts: readonly Listed[]
  readonly description: Description
  readonly apiKey: string
}) {
  const words = useWords('developers')
  return (
    <section className="ref-module" aria-labelledby={`m-${props.name}`}>
      <h2 id={`m-${props.name}`}>
        <bdi>{props.name}</bdi> <small className="muted">{words('developers.acts', { n: props.acts.length })}</small>
      </h2>
      {props.acts.map((one) => (
        <ActRow key={one.name} of={one} description={props.description} apiKey={props.apiKey} />
      ))}
    </section>
  )
}

function ActRow(props: { readonly of: Listed; readonly description: Description; readonly apiKey: string }) {
  const { of } = props
  const [open, setOpen] = useState(() => location.hash === `#${of.name}`)
  return (
    <details className="ref-act" id={of.name} open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Tag outline>{of.method}</Tag>
        <code dir="ltr">{of.path}</code>
        <b dir="ltr">{of.name}</b>
        <span className="muted" lang="en" dir="ltr">
          {of.operation.summary}
        </span>
      </summary>
      {open ? <ActBody of={of} description={props.description} apiKey={props.apiKey} /> : null}
    </details>
  )
}
