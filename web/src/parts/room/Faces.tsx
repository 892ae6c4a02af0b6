import type { ReactionKind } from '@efir/contract/room/version.ts'
import { Flame, Heart, Laugh, PartyPopper, Sparkles } from 'lucide-react'

const faces = { heart: Heart, fire: Flame, clap: PartyPopper, laugh: Laugh, wow: Sparkles } as const
const filled: readonly ReactionKind[] = ['heart', 'fire']

/** Drawn, not written: a device without colour emoji shows boxes. */
export function ReactionFace({ kind, size = 22 }: { readonly kind: ReactionKind; readonly size?: number }) {
  const Face = faces[kind]
  return (
    <Face
      size={size}
      strokeWidth={2}
      fill={filled.includes(kind) ? 'currentColor' : 'none'}
      className={`reaction-${kind}`}
      aria-hidden
    />
  )
}
