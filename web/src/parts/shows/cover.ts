import { pictureSrcSet, pictureUrl } from '@efir/contract/pictures.ts'

/** Covers and portraits are uploads (a base of sizes) or drawings (a whole address). */
export const imageUrl = (given: string | undefined, width: 160 | 320 | 640 | 1280 = 640): string | undefined =>
  given === undefined || /\.\w{3,4}(\?|$)/.test(given) ? given : pictureUrl(given, width)

/** All sizes of an upload, for `srcset`; a drawing has one. */
export const imageSet = (given: string | undefined): string | undefined =>
  given === undefined || /\.\w{3,4}(\?|$)/.test(given) ? undefined : pictureSrcSet(given)
