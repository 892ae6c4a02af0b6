import sharp from 'sharp'

/** A drawing as bytes of a picture; PNG where edges matter, JPEG for scenes. */
export const renderPicture = (svg: string, format: 'png' | 'jpeg' | 'webp' = 'png'): Promise<Buffer> => {
  const picture = sharp(Buffer.from(svg)).flatten({ background: '#ffffff' })
  return (
    format === 'png' ? picture.png() : format === 'jpeg' ? picture.jpeg({ quality: 88 }) : picture.webp({ quality: 84 })
  ).toBuffer()
}
