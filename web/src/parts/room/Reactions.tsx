import { type ReactionKind, reactionKinds } from '@efir/contract/room/version.ts'
import { Heart } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { RoomSocket } from '../../net/socket.ts'
import { useWords } from '../../ui/words.tsx'
import './Reactions.css'
import { ReactionFace } from './Faces.tsx'
import { useBecomePerson } from './person.ts'

interface Flying {
  readonly id: number
  readonly kind: ReactionKind
  readonly mine: boolean
  readonly drift: number
}

const flyMs = 2_400
/** Others' reactions are sampled: more than this many a second are only a blur. */
const othersPerSecond = 6

/** Rise over the picture: one's own at the tap, others' as a sample of what the room says. */
export function useReactions(room: RoomSocket | null) {
  const [flying, setFlying] = useState<readonly Flying[]>([])
  const [next] = useState(() => ({ id: 0, budget: othersPerSecond, at: 0, own: 0 }))
  const timers = useRef(new Set<ReturnType<typeof setTimeout>>())
  const later = (ms: number, call: () => void) => {
    const timer = setTimeout(() => {
      timers.current.delete(timer)
      call()
    }, ms)
    timers.current.add(timer)
  }
  const fly = (kind: ReactionKind, mine: boolean) => {
    const one: Flying = { id: next.id++, kind, mine, drift: (next.id * 37) % 40 }
    setFlying((all) => [...all.slice(-24), one])
    later(flyMs, () => setFlying((all) => all.filter((other) => other.id !== one.id)))
  }
  useEffect(() => {
    const pending = timers.current
    return () => {
      for (const timer of pending) clearTimeout(timer)
      pending.clear()
    }
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: one listener for each room
  useEffect(
    () =>
      room?.store.onReaction((kind, count) => {
        const at = performance.now()
        if (at - next.at > 1000) Object.assign(next, { at, budget: othersPerSecond })
        // Our own come back in the sum.
        const others = Math.max(0, count - next.own)
        next.own = Math.max(0, next.own - count)
        const shown = Math.min(next.budget, others)
        next.budget -= shown
        for (let n = 0; n < shown; n++) later(n * (900 / shown), () => fly(kind, false))
      }),
    [room],
  )
  const react = (kind: ReactionKind) => {
    next.own++
    fly(kind, true)
    room?.react(kind)
  }
  return { flying, react }
}

export function RisingReactions({ flying }: { readonly flying: readonly Flying[] }) {
  return (
    <div className="rising" aria-hidden="true">
      {flying.map((one) => (
        <span key={one.id} className={one.mine ? 'rising-one rising-mine' : 'rising-one'} style={{ insetInlineEnd: one.drift }}>
          <ReactionFace kind={one.kind} size={one.mine ? 26 : 20} />
        </span>
      ))}
    </div>
  )
}

/** A tap sends a heart; holding, or the arrow keys, offers the others. */
export function ReactButton({ react, look }: { readonly react: (kind: ReactionKind) => void; readonly look: 'stage' | 'panel' }) {
  const words = useWords('watch')
  const become = useBecomePerson()
  const [open, setOpen] = useState(false)
  const hold = useRef<ReturnType<typeof setTimeout> | null>(null)
  const held = useRef(false)
  const send = async (kind: ReactionKind) => {
    if (await become()) react(kind)
  }
  const stop = () => {
    if (hold.current) clearTimeout(hold.current)
    hold.current = null
  }
  return (
    <div
      className={`react react-${look}`}
      role="group"
      aria-label={words('watch.react_more')}
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false)
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setOpen(false)
        if (event.key === 'ArrowUp') {
          event.preventDefault()
          setOpen(true)
        }
      }}
    >
      {open ? (
        <div className="react-more" role="group" aria-label={words('watch.react_more')}>
          {reactionKinds.map((kind) => (
            <button key={kind} type="button" aria-label={words(`watch.react_${kind}`)} onClick={() => void send(kind)}>
              <ReactionFace kind={kind} />
            </button>
          ))}
        </div>
      ) : null}
      <button
        type="button"
        className="react-button"
        aria-label={words('watch.react')}
        aria-expanded={open}
        title={words('watch.react')}
        onPointerDown={() => {
          held.current = false
          hold.current = setTimeout(() => {
            held.current = true
            setOpen(true)
          }, 350)
        }}
        onPointerUp={stop}
        onPointerLeave={stop}
        onContextMenu={(event) => event.preventDefault()}
        onClick={() => {
          if (!held.current) void send('heart')
          held.current = false
        }}
      >
        <Heart size={22} aria-hidden />
      </button>
    </div>
  )
}
