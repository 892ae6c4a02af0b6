import { inviteToShow } from '@efir/contract/identity.ts'
import { showTeamView, takeShowRole } from '@efir/contract/shows.ts'
import { Copy, UserPlus } from 'lucide-react'
import { useState } from 'react'
import { useAct, useView } from '../../../net/query.ts'
import { ProblemNote, ProblemState } from '../../../parts/face/problem.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Avatar, Tag } from '../../../ui/Marks.tsx'
import { Skeleton } from '../../../ui/State.tsx'
import { TextInput } from '../../../ui/TextInput.tsx'
import { useWords } from '../../../ui/words.tsx'

const changed = [showTeamView] as const

export function TeamTab({ showId }: { readonly showId: string }) {
  const words = useWords('office', 'refusals')
  const view = useView(showTeamView, { showId })
  const taking = useAct(takeShowRole, { changes: changed })
  const inviting = useAct(inviteToShow)
  const [link, setLink] = useState('')
  const [copied, setCopied] = useState(false)
  const invite = async (role: 'host' | 'moderator') => {
    const answer = await inviting.run({ showId, role })
    if (!answer.ok) return
    setCopied(false)
    setLink(`${location.origin}/studio${answer.value.link}`)
  }
  return (
    <div className="office-rows">
      <div className="office-body office-body-narrow">
        {view.state === 'loading' ? <Skeleton height="120px" /> : null}
        {view.state === 'failed' ? <ProblemState problem={view.problem} again={view.again} /> : null}
        <ul className="plain-rows">
          {(view.value?.members ?? []).map((member) => (
            <li key={`${member.personId}-${member.role}`}>
              <span className="product-cell">
                <Avatar name={member.name} size={24} />
                <bdi>{member.name}</bdi>
              </span>
              <Tag outline>{words(`office.team_${member.role}`)}</Tag>
              <Button
                size="s"
                kind="ghost"
                busy={taking.busy}
                onPress={() => void taking.run({ showId, personId: member.personId, role: member.role })}
              >
                {words('common.remove')}
              </Button>
            </li>
          ))}
        </ul>
        <ProblemNote problem={taking.problem ?? inviting.problem} />
        <div className="office-actions">
          <Button size="s" icon={UserPlus} busy={inviting.busy} onPress={() => void invite('host')}>
            {words('office.invite_host')}
          </Button>
          <Button size="s" icon={UserPlus} busy={inviting.busy} onPress={() => void invite('moderator')}>
            {words('office.invite_moderator')}
          </Button>
        </div>
        {link ? (
          <div className="office-form">
            <p>{words('office.invite_link')}</p>
            <TextInput label={words('office.link')} value={link} onChange={() => undefined} dir="ltr" />
            <Button size="s" icon={Copy} onPress={() => void navigator.clipboard.writeText(link).then(() => setCopied(true))}>
              {words(copied ? 'common.copied' : 'common.copy_link')}
            </Button>
          </div>
        ) : null}
      </div>
    </div>
  )
}
