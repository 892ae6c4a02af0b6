import { directionOf, isLocale, type Locale, locales } from '@efir/contract/scalars.ts'
import { type Area, intlTags, type WordKey, type WordValues } from '@efir/words/areas.ts'
import { dateFormat, type Formats, formatsFor, numberFormat, pluralRules } from '@efir/words/formats.ts'
import { createContext, type ReactNode, startTransition, use, useContext, useEffect, useMemo, useState } from 'react'
import formatCompiled from 'use-intl/format-message/format-only'

/** Messages arrive compiled (see build/compiled-words.ts): a string, or a list for the small formatter. */
type Compiled = string | readonly unknown[]
type Messages = Readonly<Record<string, Compiled>>
type RichValues = Readonly<Record<string, WordValues[string] | ((chunks: ReactNode) => ReactNode)>>

const chunks = import.meta.glob<Messages>('../../../words/messages/*/*.json', { import: 'default' })

/** React's `use` reads a promise that carries its value without suspending. */
type Loading = Promise<Messages> & { status?: 'fulfilled' | 'pending' | 'rejected'; value?: Messages }
const loading = new Map<string, Loading>()

function load(locale: Locale, area: Area): Loading {
  const name = `../../../words/messages/${area}/${locale}.json`
  const known = loading.get(name)
  if (known) return known
  const chunk = chunks[name]
  if (!chunk) throw new Error(`no texts for ${area} in ${locale}`)
  const promise: Loading = chunk()
  loading.set(name, promise)
  promise.then(
    (value) => {
      promise.status = 'fulfilled'
      promise.value = value
    },
    // A lost chunk is asked for again the next time.
    () => loading.delete(name),
  )
  return promise
}

/** Starts loading texts before a component needs them, beside the code of the face. */
export const preloadWords = (locale: Locale, wanted: readonly Area[]): Promise<unknown> =>
  Promise.all(wanted.map((area) => load(locale, area)))

export interface Language {
  readonly locale: Locale
  readonly formats: Formats
  choose(locale: Locale): void
}

const LanguageContext = createContext<Language | null>(null)
const storageKey = 'efir.locale'

/** What the server writes into the next page is in the chosen language too. */
const tellServer = (locale: string) => {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store is not in every browser we support
  document.cookie = `efir_locale=${encodeURIComponent(locale)}; path=/; max-age=31536000; samesite=lax`
}

/** The language of this browser: chosen before, else `?lang=`, else the first of the browser's that we speak. */
export function startLocale(): Locale {
  const asked = new URLSearchParams(location.search).get('lang')
  const kept = localStorage.getItem(storageKey)
  if (kept) tellServer(kept)
  const wished = [asked, kept, ...navigator.languages.map((one) => one.slice(0, 2))]
  return wished.find((one): one is Locale => one !== null && isLocale(one)) ?? 'en'
}

export function WordsProvider({ children, locale: fixed }: { readonly children: ReactNode; readonly locale?: Locale }) {
  const [locale, setLocale] = useState<Locale>(() => fixed ?? startLocale())
  useEffect(() => {
    document.documentElement.lang = locale
    document.documentElement.dir = directionOf(locale)
  }, [locale])
  const language = useMemo<Language>(
    () => ({
      locale,
      formats: formatsFor(locale),
      choose: (next) => {
        localStorage.setItem(storageKey, next)
        tellServer(next)
        // The page stays as it is until the texts are there.
        startTransition(() => setLocale(next))
      },
    }),
    [locale],
  )
  return <LanguageContext value={language}>{children}</LanguageContext>
}

export function useLanguage(): Language {
  const language = useContext(LanguageContext)
  if (!language) throw new Error('WordsProvider is missing above')
  return language
}

/** Money, dates, numbers in the language of the page. */
export const useFormats = (): Formats => useLanguage().formats

export interface Words<A extends Area> {
  (key: WordKey<A | 'common'>, values?: WordValues): string
  /** With elements: `rich('store.terms', { link: (text) => <a href="…">{text}</a> })`. */
  rich(key: WordKey<A | 'common'>, values: RichValues): ReactNode
  has(key: string): boolean
}

const formatters = { getNumberFormat: numberFormat, getDateTimeFormat: dateFormat, getPluralRules: pluralRules }

/**
 * Texts of one or more areas and of `common`. Suspends until their chunk is there: a Suspense boundary stands above every face.
 * Keys are written in full: `const words = useWords('watch'); words('watch.buy')`.
 */
export function useWords<A extends Area = 'common'>(...wanted: readonly A[]): Words<A> {
  const { locale } = useLanguage()
  const needed: readonly Area[] = [...new Set<Area>(['common', ...wanted])]
  // Asked for together, so that the chunks travel side by side.
  const promises = needed.map((area) => load(locale, area))
  const messages = promises.map((promise) => use(promise as Promise<Messages>))
  const name = `${locale} ${needed.join(' ')}`
  const known = spoken.get(name)
  if (known) return known as unknown as Words<A>
  const words = wordsOf<A>(locale, messages)
  spoken.set(name, words as unknown as Words<Area>)
  return words
}

/** One function for each language and set of areas, so that hooks may depend on it. */
const spoken = new Map<string, Words<Area>>()

function wordsOf<A extends Area>(locale: Locale, messages: readonly Messages[]): Words<A> {
  const tag = intlTags[locale]
  const find = (key: string): Compiled | undefined => messages.find((one) => key in one)?.[key]
  const say = (key: string, values?: object): unknown => {
    const message = find(key)
    // A missing text is a defect that tests catch; in front of people the key is better than an empty place.
    if (message === undefined) return key
    if (typeof message === 'string') return message
    const args = [
      key,
      message as never,
      (values ?? {}) as never,
      { locale: tag, formatters: formatters as never, cache: {} as never },
    ]
    return formatCompiled(...(args as Parameters<typeof formatCompiled>))
  }
  const words = (key: string, values?: WordValues) => String(say(key, values))
  return Object.assign(words, {
    rich: (key: string, values: RichValues) => say(key, values) as ReactNode,
    has: (key: string) => find(key) !== undefined,
  })
}

export { locales }
