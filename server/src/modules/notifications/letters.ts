import type { Locale } from '@efir/contract/scalars.ts'
import { directionOf } from '@efir/contract/scalars.ts'
import type { WordKey, WordValues } from '@efir/words/areas.ts'
import { format } from '@efir/words/words.ts'
import type { Letter } from '../../kernel/mail.ts'

export interface Draft {
  readonly to: string
  readonly locale: Locale
  readonly subject: WordKey<'mail'>
  readonly values: WordValues
  /** Paragraphs; each becomes a block of its own. */
  readonly blocks: readonly string[]
  readonly attachments?: Letter['attachments']
}

/** A name or a sum inside a sentence keeps its own direction (UAX 9: first strong isolate). */
export const isolate = (text: string): string => `\u2068${text}\u2069`

const escaped = (text: string) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)

/** One letter, as plain text and as modest HTML that says the same. */
export function letterOf(draft: Draft): Letter {
  const { locale } = draft
  const html = draft.blocks
    .map(
      (b) =>
        `<p>${escaped(b)
          .replace(/https?:\/\/[^\s<]+/g, (url) => `<a href="${url}" dir="ltr">${url}</a>`)
          .replaceAll('\n', '<br>')}</p>`,
    )
    .join('\n')
  return {
    to: draft.to,
    locale,
    subject: format(locale, draft.subject, draft.values)
      .replace(/[\r\n]+/g, ' ')
      .slice(0, 200),
    text: `${draft.blocks.join('\n\n')}\n`,
    html: `<!doctype html><html lang="${locale}" dir="${directionOf(locale)}"><body style="font:16px/1.5 system-ui,sans-serif;max-width:40em">${html}</body></html>`,
    attachments: draft.attachments,
  }
}
