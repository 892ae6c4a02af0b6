/** Markup that is safe to send: made by `html` alone. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}
type Part = Html | string | number | null | undefined | false | readonly Part[]

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
/** For content and for quoted attributes alike; also XML 1.0, which knows these and `&#39;`. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (c) => entities[c] ?? c)

function written(part: Part): string {
  if (part instanceof Html) return part.text
  if (Array.isArray(part)) return part.map(written).join('')
  return part === null || part === undefined || part === false ? '' : escaped(String(part))
}

/** Every value is escaped unless it is markup itself; lists are joined, nothing is written for null and false. */
export const html = (fixed: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(fixed.map((text, index) => text + written(parts[index] ?? null)).join(''))

/** A block of data: `<` ends no element early (HTML 4.12.1.3), and the separators of lines that JSON allows stay out. */
export const dataBlock = (value: unknown): Html =>
  new Html(JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`))
