import { LOCALES, readSeed, type SeedLocale } from '../catalogue/sheets.ts'

/** `question:<category>` is asked while goods of that category are on screen; `question:any` fits everything. */
export type ChatTag =
  | 'greeting'
  | 'reaction'
  | 'thinking'
  | 'bought'
  | 'soldout'
  | 'received'
  | 'reply'
  | 'bye'
  | `question:${string}`
export type ChatLine = { locale: SeedLocale; text: string; tag: ChatTag }

export const chatLines: readonly ChatLine[] = LOCALES.flatMap((locale) =>
  Object.entries(readSeed<Record<ChatTag, string[]>>(`chatter/${locale}.json`)).flatMap(([tag, texts]) =>
    texts.map((text) => ({ locale, text, tag: tag as ChatTag })),
  ),
)

/** The lines that fit a moment: questions about the category on screen come together with those that fit anything. */
export const linesFor = (locale: SeedLocale, tag: ChatTag): readonly ChatLine[] =>
  chatLines.filter(
    (line) => line.locale === locale && (line.tag === tag || (tag.startsWith('question:') && line.tag === 'question:any')),
  )
