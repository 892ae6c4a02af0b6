import type { ChatLine } from '@efir/contract/room/down.ts'
import { roomLimits } from '@efir/contract/room/version.ts'
import { Pin, PinOff, Radio, SendHorizontal, Shield, Store } from 'lucide-react'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import type { RoomSocket } from '../../../net/socket.ts'
import { useRoomPart, useRoomStatus } from '../../../parts/room/use-room.ts'
import type { Desk } from '../../../parts/studio/use-desk.ts'
import { IconButton } from '../../../ui/Button.tsx'
import { cx } from '../../../ui/cx.ts'
import { useFormats, useWords } from '../../../ui/words.tsx'
import { ChatRules } from './ChatRules.tsx'
import './DeskChat.css'
import { LineActions } from './LineActions.tsx'
import { useKeeper } from './use-keeper.ts'

const noLines: readonly ChatLine[] = []
const useLines = (room: RoomSocket | null) => useRoomPart(room, (store) => store.chat, noLines)
const overPicture = 4
const icons = { host: Radio, moderator: Shield, shop: Store } as const

export function Speaker({ line }: { readonly line: ChatLine }) {
  const words = useWords('studio')
  const Icon = line.mark ? icons[line.mark] : null
  return (
    <b className="speaker">
      {Icon ? (
        <span title={words(`studio.mark_${line.mark ?? 'host'}`)}>
          <Icon size={12} aria-hidden />
          <span className="hidden-text">{words(`studio.mark_${line.mark ?? 'host'}`)}</span>
        </span>
      ) : null}
      <bdi>{line.name}</bdi>
    </b>
  )
}

/** The newest lines over the picture; the whole chat is a tap away. */
export function ChatOverlay({ room }: { readonly room: RoomSocket | null }) {
  const lines = useLines(room)
  return (
    <span className="over-chat">
      {lines.slice(-overPicture).map((line) => (
        <span key={line.id} className="over-chat-line">
          <Speaker line={line} /> <bdi dir="auto">{line.text}</bdi>
        </span>
      ))}
    </span>
  )
}

/** Everything that is said, with what keeps it in order at each line. */
export function DeskChat({ desk }: { readonly desk: Desk }) {
  const words = useWords('studio')
  const { room } = desk
  const lines = useLines(room)
  const status = useRoomStatus(room)
  const keeper = useKeeper(desk.showId)
  const pinned = useRoomPart<ChatLine | null>(room, (store) => store.value<ChatLine>('pinnedMessage'), null)
  const [chosen, setChosen] = useState<string | null>(null)
  const [text, setText] = useState('')
  const field = useRef<HTMLInputElement>(null)
  const reply = (line: ChatLine) => {
    setText(`@${line.name} `)
    setChosen(null)
    field.current?.focus()
  }
  return (
    <section className="desk-chat" aria-label={words('studio.chat')}>
      <ChatRules desk={desk} keeper={keeper} perMinute={perMinute(lines)} />
      {pinned ? (
        <div className="desk-chat-pinned">
          <Pin size={16} aria-hidden />
          <p>
            <b>
              <bdi dir="auto">{pinned.text}</bdi>
            </b>
          </p>
          <IconButton size="s" icon={PinOff} label={words('studio.unpin_line')} onPress={() => void keeper.pin(null)} />
        </div>
      ) : null}
      <Log
        lines={lines}
        chosen={chosen}
        onChoose={setChosen}
        me={room?.you?.person ?? null}
        actions={(line) => (
          <LineActions
            line={line}
            keeper={keeper}
            pinned={pinned?.id === line.id}
            onReply={() => reply(line)}
            onDone={() => setChosen(null)}
          />
        )}
      />
      {status.at === 'waiting' || status.at === 'connecting' ? (
        <p className="desk-chat-note">{words('studio.chat_waiting')}</p>
      ) : null}
      {status.at === 'closed' ? <p className="desk-chat-note">{words('studio.chat_closed')}</p> : null}
      <Say room={room} text={text} onText={setText} fieldRef={field} />
    </section>
  )
}

const minuteMs = 60_000
function perMinute(lines: readonly ChatLine[]): number {
  const last = lines.at(-1)?.at ?? 0
  return lines.filter((line) => line.at > last - minuteMs).length
}

interface LogProps {
  readonly lines: readonly ChatLine[]
  readonly chosen: string | null
  readonly onChoose: (id: string | null) => void
  readonly me: string | null
  readonly actions: (line: ChatLine) => React.ReactNode
}

/** Follows the newest line until someone scrolls up or chooses one: what one is about to delete must not run away. */
function Log({ lines, chosen, onChoose, me, actions }: LogProps) {
  const words = useWords('studio')
  const formats = useFormats()
  const box = useRef<HTMLDivElement>(null)
  const [following, setFollowing] = useState(true)
  const last = lines.at(-1)?.id
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new line moves the log
  useEffect(() => {
    if (following && chosen === null && box.current) box.current.scrollTop = box.current.scrollHeight
  }, [last, following, chosen])
  return (
    <div
      className="desk-log"
      ref={box}
      role="log"
      aria-label={words('studio.chat')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
      tabIndex={0}
      onScroll={({ currentTarget: at }) => setFollowing(at.scrollHeight - at.scrollTop - at.clientHeight < 60)}
    >
      {lines.length === 0 ? <p className="muted">{words('studio.chat_empty')}</p> : null}
      {lines.map((line) => (
        <div
          key={line.id}
          className={cx('desk-line', chosen === line.id && 'desk-line-on', line.person === me && 'desk-line-mine')}
        >
          <button
            type="button"
            className="desk-line-text"
            aria-expanded={chosen === line.id}
            onClick={() => onChoose(chosen === line.id ? null : line.id)}
          >
            <span>
              <Speaker line={line} /> <bdi dir="auto">{line.text}</bdi>
            </span>
            <time>{formats.date(line.at, 'time')}</time>
          </button>
          {chosen === line.id ? actions(line) : null}
        </div>
      ))}
      {following ? null : (
        <button type="button" className="desk-newest" onClick={() => setFollowing(true)}>
          {words('studio.chat_newest')}
        </button>
      )}
    </div>
  )
}

function Say({
  room,
  text,
  onText,
  fieldRef,
}: {
  readonly room: RoomSocket | null
  readonly text: string
  readonly onText: (text: string) => void
  readonly fieldRef: React.RefObject<HTMLInputElement | null>
}) {
  const words = useWords('studio', 'refusals')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const send = async (event: FormEvent) => {
    event.preventDefault()
    const line = text.trim()
    if (line === '' || busy || !room) return
    setBusy(true)
    setProblem(null)
    const answer = await room.say(line)
    setBusy(false)
    if (answer.ok) return onText('')
    const key = `refusals.${answer.refusal}`
    setProblem(words.has(key) ? words(key as 'refusals.busy') : words('common.problem_network'))
  }
  return (
    <form className="desk-say" onSubmit={send}>
      {problem ? (
        <p className="desk-say-problem" role="alert">
          {problem}
        </p>
      ) : null}
      <input
        ref={fieldRef}
        className="desk-chat-text"
        aria-label={words('studio.say')}
        placeholder={words('studio.say')}
        value={text}
        dir="auto"
        maxLength={roomLimits.chatLetters}
        enterKeyHint="send"
        autoComplete="off"
        onChange={(event) => onText(event.target.value)}
      />
      <button type="submit" className="desk-send" aria-label={words('common.send')} aria-busy={busy || undefined}>
        {busy ? <span className="spinner" aria-hidden="true" /> : <SendHorizontal size={20} className="flip" aria-hidden />}
      </button>
    </form>
  )
}
