import { useState } from 'react'
import { Button } from '../../../ui/Button.tsx'
import { Tag } from '../../../ui/Marks.tsx'
import { TextArea } from '../../../ui/TextInput.tsx'
import { useWords } from '../../../ui/words.tsx'
import {
  clientOf,
  curlOf,
  type Description,
  inputOf,
  type Listed,
  requestOf,
  resolve,
  type Schema,
  typeText,
} from './description.ts'

export interface ActBodyProps {
  readonly of: Listed
  readonly description: Description
  readonly apiKey: string
}

export function ActBody({ of, description, apiKey }: ActBodyProps) {
  const words = useWords('developers')
  const { operation } = of
  const scope = operation['x-efir-scope']
  const body = operation.requestBody?.content?.['application/json'].schema
  const answer = operation.responses['200']?.content?.['application/json']
  const refusals = Object.entries(operation.responses).filter(([status]) => /^[45]/.test(status))
  return (
    <div className="ref-body">
      {of.webhook ? null : (
        <p>
          {scope === undefined
            ? words('developers.scope_none')
            : scope === 'open'
              ? words('developers.scope_open')
              : words('developers.scope', { scope })}
          {operation.description ? (
            <span className="muted" lang="en" dir="ltr">
              {' '}
              {operation.description}
            </span>
          ) : null}
        </p>
      )}
      <h3>{words('developers.takes')}</h3>
      {operation.parameters.length === 0 && !body ? <p className="muted">{words('developers.takes_nothing')}</p> : null}
      <Fields
        description={description}
        rows={operation.parameters.map((one) => ({ name: one.name, place: one.in, required: one.required, schema: one.schema }))}
      />
      {body ? <SchemaFields description={description} schema={body} /> : null}
      {answer ? (
        <>
          <h3>{words('developers.answers')}</h3>
          <SchemaFields description={description} schema={answer.schema} />
          <Code text={JSON.stringify(answer.example, null, 2)} label={words('developers.example')} />
        </>
      ) : null}
      {of.webhook ? (
        <Code
          text={JSON.stringify(operation.requestBody?.content?.['application/json'].example, null, 2)}
          label={words('developers.example')}
        />
      ) : (
        <>
          <h3>{words('developers.refuses')}</h3>
          <p className="ref-codes" dir="ltr">
            {refusals.map(([status, one]) => (
              <span key={status}>
                <Tag outline>{status}</Tag> {one.description}
              </span>
            ))}
          </p>
          <h3>{words('developers.example')}</h3>
          <Code text={curlOf(of, location.origin)} label="curl" />
          <Code text={clientOf(of, location.origin)} label="TypeScript" />
          <TryIt of={of} apiKey={apiKey} />
        </>
      )}
    </div>
  )
}

function Code({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <figure className="ref-code">
      <figcaption className="muted">{label}</figcaption>
      <pre dir="ltr" tabIndex={0}>
        {text}
      </pre>
    </figure>
  )
}

interface Row {
  readonly name: string
  readonly place?: string
  readonly required: boolean
  readonly schema: Schema
}

function SchemaFields({ description, schema }: { readonly description: Description; readonly schema: Schema }) {
  const whole = resolve(description, schema)
  const rows = Object.entries(whole.properties ?? {}).map(([name, inner]) => ({
    name,
    required: whole.required?.includes(name) ?? false,
    schema: inner,
  }))
  return <Fields description={description} rows={rows} />
}

const deepest = 6

/** Named types open in place, as deep as somebody wants to look. */
function Fields({
  rows,
  description,
  depth = 0,
}: {
  readonly rows: readonly Row[]
  readonly description: Description
  readonly depth?: number
}) {
  if (rows.length === 0) return null
  return (
    <ul className="ref-fields" dir="ltr">
      {rows.map((row) => (
        <FieldRow key={row.name} row={row} description={description} depth={depth} />
      ))}
    </ul>
  )
}

function FieldRow({ row, description, depth }: { readonly row: Row; readonly description: Description; readonly depth: number }) {
  const [open, setOpen] = useState(false)
  const { schema } = row
  const whole = resolve(description, schema.type === 'array' ? (schema.items ?? {}) : schema)
  const inner = Object.entries(whole.properties ?? {}).map(([name, one]) => ({
    name,
    required: whole.required?.includes(name) ?? false,
    schema: one,
  }))
  const line = (
    <>
      <code>
        {row.name}
        {row.required ? '' : '?'}
      </code>{' '}
      <span className="ref-type">{typeText(schema)}</span> {row.place ? <span className="muted">{row.place}</span> : null}{' '}
      <span className="muted" lang="en">
        {schema.description ?? whole.description}
      </span>
    </>
  )
  if (inner.length === 0 || depth >= deepest) return <li>{line}</li>
  return (
    <li>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{line}</summary>
        {open ? <Fields rows={inner} description={description} depth={depth + 1} /> : null}
      </details>
    </li>
  )
}

function TryIt({ of, apiKey }: { readonly of: Listed; readonly apiKey: string }) {
  const words = useWords('developers')
  const [text, setText] = useState(() => JSON.stringify(inputOf(of), null, 2))
  const [wrong, setWrong] = useState(false)
  const [busy, setBusy] = useState(false)
  const [answer, setAnswer] = useState<{ readonly status: number; readonly text: string } | null>(null)
  const send = async () => {
    const input = parsed(text)
    setWrong(input === null)
    if (input === null) return
    setBusy(true)
    const { url, body } = requestOf(of, input)
    const headers = {
      'x-efir': '1',
      ...(apiKey ? { authorization: `Bearer ${apiKey.trim()}` } : {}),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    }
    const got = await fetch(url, { method: of.method, headers, body, credentials: 'omit' }).then(
      async (response) => ({ status: response.status, text: JSON.stringify(await response.json(), null, 2) }),
      (problem: Error) => ({ status: 0, text: problem.message }),
    )
    setAnswer(got)
    setBusy(false)
  }
  return (
    <div className="ref-try">
      <TextArea
        label={words('developers.input')}
        rows={Math.min(14, text.split('\n').length + 1)}
        value={text}
        onChange={setText}
        error={wrong ? words('developers.input_wrong') : undefined}
      />
      <Button kind="ink" busy={busy} onPress={() => void send()}>
        {words('developers.send')}
      </Button>
      <div aria-live="polite">
        {answer ? <Code text={answer.text} label={words('developers.answer_status', { status: answer.status })} /> : null}
      </div>
    </div>
  )
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text || '{}') as Record<string, unknown>
  } catch (problem) {
    if (problem instanceof SyntaxError) return null
    throw problem
  }
}
