import { roomLimits } from '@efir/contract/room/version.ts'
import { SendHorizontal } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import type { RoomSocket } from '../../net/socket.ts'
import { cx } from '../../ui/cx.ts'
import { useWords } from '../../ui/words.tsx'
import './Composer.css'
import { useBecomePerson } from './person.ts'
import { useRoomPart } from './use-room.ts'

/** Says a line. What was refused stays in the field with the reason. */
export function Composer({
  room,
  look,
  closed,
}: {
  readonly room: RoomSocket | null
  readonly look: 'stage' | 'panel'
  readonly closed?: boolean
}) {
  const words = useWords('watch', 'refusals')
  const become = useBecomePerson()
  const [text, setText] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const slow = useRoomPart<{ ms: number } | null>(room, (store) => store.value<{ ms: number }>('slow'), null)
  const placeholder = slow ? words('watch.say_slow', { seconds: Math.ceil(slow.ms / 1000) }) : words('watch.say')

  const send = async (event: FormEvent) => {
    event.preventDefault()
    const line = text.trim()
    if (line === '' || busy || !room) return
    setBusy(true)
    setProblem(null)
    const answer = (await become()) ? await room.say(line) : ({ ok: false, refusal: 'unknown', params: {} } as const)
    setBusy(false)
    if (answer.ok) return setText('')
    const key = `refusals.${answer.refusal}`
    setProblem(words.has(key) ? words(key as 'refusals.busy') : words('watch.say_failed'))
  }
  return (
    <form className={cx('composer', `composer-${look}`)} onSubmit={send}>
      {problem ? (
        <p className="composer-problem" role="alert">
          {problem}
        </p>
      ) : null}
      <input
        className="composer-text"
        aria-label={words('watch.say')}
        placeholder={closed ? words('watch.say_closed') : placeholder}
        value={text}
        dir="auto"
        maxLength={roomLimits.chatLetters}
        disabled={closed}
        enterKeyHint="send"
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
      />
      {text.trim() === '' && look === 'stage' ? null : (
        <button
          type="submit"
          className="composer-send"
          aria-label={words('common.send')}
          aria-busy={busy || undefined}
          disabled={closed}
        >
          {busy ? <span className="spinner" aria-hidden="true" /> : <SendHorizontal size={20} className="flip" aria-hidden />}
        </button>
      )}
    </form>
  )
}
