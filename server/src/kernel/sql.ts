/** A parameterised statement; fragments nest. Values never become text. */
export interface Sql {
  readonly strings: readonly string[]
  readonly values: readonly unknown[]
}

const isSql = (value: unknown): value is Sql =>
  typeof value === 'object' && value !== null && 'strings' in value && 'values' in value && made.has(value)
const made = new WeakSet<object>()

function build(strings: readonly string[], values: readonly unknown[]): Sql {
  const outStrings = [strings[0] ?? '']
  const outValues: unknown[] = []
  const glue = (text: string) => {
    outStrings[outStrings.length - 1] += text
  }
  values.forEach((value, index) => {
    if (isSql(value)) {
      glue(value.strings[0] ?? '')
      value.values.forEach((inner, i) => {
        outValues.push(inner)
        outStrings.push(value.strings[i + 1] ?? '')
      })
    } else {
      outValues.push(value)
      outStrings.push('')
    }
    glue(strings[index + 1] ?? '')
  })
  const result: Sql = { strings: outStrings, values: outValues }
  made.add(result)
  return result
}

export const sql = (strings: TemplateStringsArray, ...values: unknown[]): Sql => build(strings, values)
export const nothing: Sql = sql``
export const join = (list: readonly Sql[], separator = ', '): Sql =>
  list.length === 0 ? nothing : build(['', ...list.slice(1).map(() => separator), ''], list)
export const and = (list: readonly Sql[]): Sql => (list.length === 0 ? sql`true` : join(list, ' and '))
/** Only for names written in the code, never for input. */
export const raw = (text: string): Sql => build([text], [])
/** An instant (epoch ms) as a timestamptz parameter. */
export const at = (ms: number): string => new Date(ms).toISOString()
export const json = (value: unknown): string => JSON.stringify(value)

export function compiled(query: Sql): { text: string; values: unknown[] } {
  let text = query.strings[0] ?? ''
  query.values.forEach((_, index) => {
    text += `$${index + 1}${query.strings[index + 1] ?? ''}`
  })
  return { text, values: [...query.values] }
}
