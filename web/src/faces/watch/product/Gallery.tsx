import { textIn } from '@efir/contract/scalars.ts'
import { useEffect, useState } from 'react'
import { Shot } from '../../../parts/catalog/Shot.tsx'
import { cx } from '../../../ui/cx.ts'
import { useLanguage, useWords } from '../../../ui/words.tsx'
import type { Product } from './shape.ts'

/** Pictures of the product; choosing a variant brings its own to the front. */
export function Gallery({
  pictures,
  variantId,
  title,
}: {
  readonly pictures: Product['pictures']
  readonly variantId: string | undefined
  readonly title: string
}) {
  const words = useWords('store')
  const { locale } = useLanguage()
  const [at, setAt] = useState(0)
  useEffect(() => {
    const own = pictures.findIndex((picture) => picture.variantId !== undefined && picture.variantId === variantId)
    if (own >= 0) setAt(own)
  }, [variantId, pictures])
  const shown = pictures[at] ?? pictures[0]
  const altOf = (picture: Product['pictures'][number] | undefined) => textIn(picture?.alt, locale) || title
  return (
    <div className="gallery">
      {pictures.length > 1 ? (
        <ul className="gallery-list">
          {pictures.map((picture, index) => (
            <li key={picture.id}>
              <button
                type="button"
                className={cx('gallery-small', index === at && 'gallery-small-on')}
                aria-pressed={index === at}
                aria-label={words('store.picture_of', { n: index + 1, total: pictures.length, text: altOf(picture) })}
                onClick={() => setAt(index)}
              >
                <Shot base={picture.base} tint={picture.tint} alt="" sizes="84px" />
              </button>
            </li>
          ))}
        </ul>
      ) : null}
      <div className="gallery-large">
        <Shot base={shown?.base} tint={shown?.tint} alt={altOf(shown)} sizes="(max-width: 900px) 100vw, 720px" eager />
      </div>
    </div>
  )
}
