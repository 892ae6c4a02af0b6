import { pictureSrcSet, pictureUrl } from '@efir/contract/pictures.ts'
import { Package } from 'lucide-react'
import './Shot.css'

export interface ShotProps {
  /** Base of pictureUrl(); null draws an empty place. */
  readonly base: string | null | undefined
  readonly alt: string
  readonly tint?: string | null
  readonly sizes: string
  readonly eager?: boolean
  readonly className?: string
}

/** A picture of a product: its average colour until it is there, never a jump. */
export function Shot({ base, alt, tint, sizes, eager, className }: ShotProps) {
  const classes = className ? `shot ${className}` : 'shot'
  if (!base)
    return (
      <span className={classes} {...(alt === '' ? { 'aria-hidden': true } : { role: 'img', 'aria-label': alt })}>
        <Package size={24} aria-hidden />
      </span>
    )
  return (
    <span className={classes} style={tint ? { backgroundColor: tint } : undefined}>
      <img
        src={pictureUrl(base, 640)}
        srcSet={pictureSrcSet(base)}
        sizes={sizes}
        alt={alt}
        loading={eager ? 'eager' : 'lazy'}
        decoding="async"
      />
    </span>
  )
}
