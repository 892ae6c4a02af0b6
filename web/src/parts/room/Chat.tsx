import type { ChatLine } from '@efir/contract/room/down.ts'
import { Pin, Radio, Shield, Store } from 'lucide-react'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { RoomSocket } from '../../net/socket.ts'
import { cx } from '../../ui/cx.ts'
import { useFormats, useWords } from '../../ui/words.tsx'
import './Chat.css'
import { useRoomPart } from './use-room.ts'

const noLines: readonly ChatLine[] = []

export const useChat = (room: RoomSocket | null): readonly ChatLine[] => useRoomPart(room, (store) => store.chat, noLines)

const markIcons = { host: Radio, moderator: Shield, shop: Store } as const

function Name({ line }: { readonly line: ChatLine }) {
  const words = useWords('watch')
  const Icon = line.mark ? markIcons[line.mark] : null
  return (
    <b className={cx('chat-name', line.mark && 'chat-name-marked')}>
      {Icon ? (
        <span className="chat-mark" title={words(`watch.mark_${line.mark ?? 'host'}`)}>
          <Icon size={12} aria-hidden />
          <span className="hidden-text">{words(`watch.mark_${line.mark ?? 'host'}`)}</span>
        </span>
      ) : null}
      <bdi>{line.name}</bdi>
    </b>
  )
}

const shownOverPicture = 12
const lineGapPx = 7

/** Over the picture: the last lines, fading upwards by a mask. The log of the room panel is the one that is read out. */
export function ChatOverlay({ room, mine }: { readonly room: RoomSocket | null; readonly mine: string | null }) {
  const words = useWords('watch')
  const lines = useChat(room)
  const list = useRef<HTMLOListElement>(null)
  // Every line lies at the foot and is lifted over those after it: what moves by a transform is no layout shift.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each change of the lines
  useLayoutEffect(() => {
    let height = 0
    for (const line of [...(list.current?.children ?? [])].reverse() as HTMLElement[]) {
      line.style.transform = `translateY(${-height}px)`
      height += line.offsetHeight + lineGapPx
    }
  }, [lines])
  return (
    <ol className="chat-over" ref={list} aria-label={words('watch.chat')}>
      {lines.slice(-shownOverPicture).map((line) => (
        <li key={line.id} className={cx('chat-over-line', line.person === mine && 'chat-mine', line.mark && 'chat-marked')}>
          <p>
            <Name line={line} /> <bdi dir="auto">{line.text}</bdi>
          </p>
        </li>
      ))}
    </ol>
  )
}

/** The whole chat with times, beside the picture; follows the newest line until someone scrolls up. */
export function ChatLog({ room, mine }: { readonly room: RoomSocket | null; readonly mine: string | null }) {
  const words = useWords('watch')
  const formats = useFormats()
  const lines = useChat(room)
  const unshown = useRoomPart(room, (store) => store.unshown, 0)
  const box = useRef<HTMLDivElement>(null)
  const [following, setFollowing] = useState(true)
  const last = lines.at(-1)?.id
  useEffect(() => {
    if (following && last !== undefined && box.current) box.current.scrollTop = box.current.scrollHeight
  }, [last, following])
  return (
    <div className="chat-log-frame">
      <div
        className="chat-log"
        ref={box}
        role="log"
        aria-label={words('watch.chat')}
        tabIndex={0}
        onScroll={({ currentTarget }) =>
          setFollowing(currentTarget.scrollHeight - currentTarget.scrollTop - currentTarget.clientHeight < 60)
        }
      >
        {lines.length === 0 ? <p className="chat-empty">{words('watch.chat_empty')}</p> : null}
        {lines.map((line) => (
          <p key={line.id} className={cx('chat-line', line.person === mine && 'chat-mine')}>
            <time className="chat-time">{formats.date(line.at, 'time')}</time>
            <span>
              <Name line={line} /> <bdi dir="auto">{line.text}</bdi>
            </span>
          </p>
        ))}
      </div>
      {following ? null : (
        <button type="button" className="chat-newest" onClick={() => setFollowing(true)}>
          {words('watch.chat_newest')}
        </button>
      )}
      {unshown > 0 ? <p className="chat-unshown">{words('watch.chat_unshown', { n: unshown })}</p> : null}
    </div>
  )
}

/** What the host has put above the chat. */
export function PinnedMessage({ room }: { readonly room: RoomSocket | null }) {
  const words = useWords('watch')
  const line = useRoomPart<ChatLine | null>(room, (store) => store.value<ChatLine>('pinnedMessage'), null)
  if (!line) return null
  return (
    <div className="chat-pinned">
      <span className="chat-pinned-icon" title={words('watch.pinned_message')}>
        <Pin size={14} aria-hidden />
        <span className="hidden-text">{words('watch.pinned_message')}</span>
      </span>
      <p>
        <b>
          <bdi dir="auto">{line.text}</bdi>
        </b>
        <small>
          <bdi>{line.name}</bdi>
        </small>
      </p>
    </div>
  )
}
