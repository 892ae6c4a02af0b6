/** Pictures are stored in these widths (WebP, never upscaled: the largest that is not wider than the original also serves the wider ones). */
export const pictureWidths = [160, 320, 640, 1280] as const
export type PictureWidth = (typeof pictureWidths)[number]

/** `base` is what the contract gives for a picture, such as /pictures/pic_…; the answer is an address. */
export const pictureUrl = (base: string, width: PictureWidth): string => `${base}/${width}.webp`
export const pictureSrcSet = (base: string): string => pictureWidths.map((w) => `${pictureUrl(base, w)} ${w}w`).join(', ')
