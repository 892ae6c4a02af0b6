import { Settings2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { ProblemNote } from '../../../parts/face/problem.tsx'
import { useRoomPart } from '../../../parts/room/use-room.ts'
import type { Desk } from '../../../parts/studio/use-desk.ts'
import { Button, IconButton } from '../../../ui/Button.tsx'
import { Select } from '../../../ui/Choice.tsx'
import { Tag } from '../../../ui/Marks.tsx'
import { Sheet } from '../../../ui/Sheet.tsx'
import { TextArea } from '../../../ui/TextInput.tsx'
import { useFormats, useWords } from '../../../ui/words.tsx'
import type { Keeper } from './use-keeper.ts'

interface ChatRulesProps {
  readonly desk: Desk
  readonly keeper: Keeper
  readonly perMinute: number
}

/** How fast people write, and what holds for them: slow mode, blocked words, who is silent. */
export function ChatRules({ desk, keeper, perMinute }: ChatRulesProps) {
  const words = useWords('studio')
  const [open, setOpen] = useState(false)
  const slow = useRoomPart<{ ms: number } | null>(desk.room, (store) => store.value<{ ms: number }>('slow'), null)
  return (
    <header className="chat-rules">
      <h2>{words('studio.chat')}</h2>
      <span className="muted">{words('studio.per_minute', { n: perMinute })}</span>
      {slow ? <Tag outline>{words('studio.slow_tag', { seconds: Math.round(slow.ms / 1000) })}</Tag> : null}
      <IconButton size="s" icon={Settings2} label={words('studio.chat_rules')} onPress={() => setOpen(true)} />
      <Sheet open={open} onClose={() => setOpen(false)} title={words('studio.chat_rules')} wide="middle" height="content">
        <Rules keeper={keeper} />
      </Sheet>
    </header>
  )
}

const intervals = [0, 5_000, 15_000, 30_000, 60_000]

function Rules({ keeper }: { readonly keeper: Keeper }) {
  const words = useWords('studio')
  const formats = useFormats()
  const { settings } = keeper
  const [text, setText] = useState('')
  const kept = settings?.words.join('\n') ?? ''
  useEffect(() => setText(kept), [kept])
  const list = text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim().slice(0, 60)]))
  const held = settings?.people ?? []
  return (
    <div className="chat-rules-sheet">
      <Select
        label={words('studio.slow_mode')}
        hint={words('studio.slow_mode_text')}
        value={String(settings?.slowMs ?? 0)}
        onChange={(ms) => void keeper.slow(Number(ms))}
        options={[...new Set([...intervals, settings?.slowMs ?? 0])]
          .toSorted((a, b) => a - b)
          .map((ms) => ({ value: String(ms), label: ms === 0 ? words('studio.off') : formats.duration(ms) }))}
      />
      <TextArea
        label={words('studio.block_words')}
        hint={words('studio.block_words_text')}
        value={text}
        onChange={setText}
        rows={4}
      />
      <Button disabled={text === kept} busy={keeper.busy} onPress={() => void keeper.block(list)}>
        {words('common.save')}
      </Button>
      <ProblemNote problem={keeper.problem} />
      {held.length > 0 ? (
        <section aria-label={words('studio.held_people')}>
          <h3>{words('studio.held_people')}</h3>
          <ul className="held">
            {held.map((person) => (
              <li key={person.personId}>
                <span>
                  <bdi>{person.name}</bdi>{' '}
                  <span className="muted">
                    {person.banned
                      ? words('studio.is_banned')
                      : words('studio.is_muted', { when: formats.date(person.mutedUntilAt ?? 0, 'time') })}
                  </span>
                </span>
                <Button
                  size="s"
                  busy={keeper.busy}
                  onPress={() => void (person.banned ? keeper.ban(person.personId, false) : keeper.mute(person.personId, 0))}
                >
                  {words('studio.let_talk')}
                </Button>
              </li>
            ))}
          </ul>
        </section>
      ) : null}
    </div>
  )
}
