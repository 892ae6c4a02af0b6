import type { ChatLine } from '@efir/contract/room/down.ts'
import { Ban, MicOff, Pin, PinOff, Reply, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { ProblemNote } from '../../../parts/face/problem.tsx'
import { Button } from '../../../ui/Button.tsx'
import { useWords } from '../../../ui/words.tsx'
import type { Keeper } from './use-keeper.ts'

export interface LineActionsProps {
  readonly line: ChatLine
  readonly keeper: Keeper
  readonly pinned: boolean
  readonly onReply: () => void
  readonly onDone: () => void
}

const muteMs = 10 * 60_000

/** Under the chosen line. Sending someone out asks once more, as it takes all their lines along. */
export function LineActions({ line, keeper, pinned, onReply, onDone }: LineActionsProps) {
  const words = useWords('studio')
  const [sure, setSure] = useState(false)
  // The team is not muted by its own hand.
  const guest = line.mark === undefined
  const act = (doing: Promise<unknown>) => void doing.then(onDone)
  return (
    <div className="line-actions" role="group" aria-label={words('studio.line_actions', { name: line.name })}>
      <Button size="s" icon={Reply} onPress={onReply}>
        {words('studio.reply')}
      </Button>
      <Button size="s" icon={pinned ? PinOff : Pin} busy={keeper.busy} onPress={() => act(keeper.pin(pinned ? null : line.id))}>
        {words(pinned ? 'studio.unpin_line' : 'studio.pin_line')}
      </Button>
      <Button size="s" icon={Trash2} busy={keeper.busy} onPress={() => act(keeper.remove(line.id))}>
        {words('common.delete')}
      </Button>
      {guest ? (
        <Button size="s" icon={MicOff} busy={keeper.busy} onPress={() => act(keeper.mute(line.person, muteMs))}>
          {words('studio.mute_10')}
        </Button>
      ) : null}
      {guest ? (
        <Button
          size="s"
          icon={Ban}
          kind="danger"
          busy={keeper.busy}
          onPress={() => (sure ? act(keeper.ban(line.person, true)) : setSure(true))}
        >
          {words(sure ? 'studio.ban_sure' : 'studio.ban')}
        </Button>
      ) : null}
      <ProblemNote problem={keeper.problem} />
    </div>
  )
}
