import type { Act, In, Out } from '@efir/contract/act.ts'
import { type PictureWidth, pictureSrcSet, pictureUrl } from '@efir/contract/pictures.ts'
import type { Area } from '@efir/words/areas.ts'
import type { Html } from './html.ts'

/** What a page says of itself to who reads it without scripts: people, search engines, link previews. */
export interface PageFacts {
  readonly status: 200 | 404 | 410
  readonly title: string
  readonly description: string
  /** Canonical path, without the language. */
  readonly path: string
  /** Path of the picture that stands for the page. */
  readonly image?: string | undefined
  /** Open Graph type. */
  readonly kind: 'website' | 'video.other' | 'product' | 'profile'
  /** schema.org. */
  readonly graph: readonly object[]
  readonly body: Html
  /** False keeps it out of search engines. */
  readonly index: boolean
  readonly seeds: readonly Seed[]
  /** See PageContent. */
  readonly page?: string
  readonly words: readonly Area[]
  readonly keepSeconds: number
}

/** The answer of a view as a stranger gets it, so that the app need not ask before it shows the first thing. */
export interface Seed {
  readonly act: string
  readonly input: unknown
  readonly value: unknown
}
export const seed = <A extends Act>(act: A, input: In<A>, value: Out<A>): Seed => ({ act: act.name, input, value })

const isBase = (given: string) => !/\.\w{3,4}(\?|$)/.test(given)
/** Pictures are bases of sizes, or whole addresses. */
export const imageAt = (given: string | undefined, width: PictureWidth): string | undefined =>
  given === undefined || !isBase(given) ? given : pictureUrl(given, width)
export const imageSet = (given: string | undefined): string | null => (given && isBase(given) ? pictureSrcSet(given) : null)

/** One line of at most this many letters, cut at a word. */
export function shortened(text: string, most = 200): string {
  const line = text.replace(/\s+/g, ' ').trim()
  if (line.length <= most) return line
  return `${line.slice(0, most - 1).replace(/[\uD800-\uDBFF]$|\s+\S*$/, '')}…`
}
