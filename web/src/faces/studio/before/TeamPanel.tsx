import { inviteToShow } from '@efir/contract/identity.ts'
import { showTeamView, takeShowRole } from '@efir/contract/shows.ts'
import { Link as LinkIcon, UserMinus } from 'lucide-react'
import { useState } from 'react'
import { useAct, useView } from '../../../net/query.ts'
import { ProblemNote, ProblemState } from '../../../parts/face/problem.tsx'
import type { Desk } from '../../../parts/studio/use-desk.ts'
import { Button, IconButton } from '../../../ui/Button.tsx'
import { RadioGroup } from '../../../ui/Choice.tsx'
import { Avatar } from '../../../ui/Marks.tsx'
import { Qr } from '../../../ui/Qr.tsx'
import { Skeleton } from '../../../ui/State.tsx'
import { useFormats, useWords } from '../../../ui/words.tsx'
import './TeamPanel.css'

type Role = 'host' | 'moderator'
const changed = [showTeamView] as const

export function TeamPanel({ desk }: { readonly desk: Desk }) {
  const words = useWords('studio')
  const team = useView(showTeamView, { showId: desk.showId })
  const taking = useAct(takeShowRole, { changes: changed })
  if (team.state === 'failed') return <ProblemState problem={team.problem} again={team.again} />
  return (
    <div className="team">
      {team.state === 'loading' ? <Skeleton height="112px" /> : null}
      <ul>
        {(team.value?.members ?? []).map((member) => (
          <li key={`${member.personId} ${member.role}`}>
            <Avatar name={member.name} size={36} />
            <span className="team-name">
              <b>
                <bdi>{member.name}</bdi>
              </b>
              <small className="muted">{words(`studio.role_${member.role}`)}</small>
            </span>
            <IconButton
              icon={UserMinus}
              label={words('studio.take_role', { name: member.name })}
              disabled={
                taking.busy ||
                (member.role === 'host' && (team.value?.members ?? []).filter((one) => one.role === 'host').length === 1)
              }
              onPress={() => void taking.run({ showId: desk.showId, personId: member.personId, role: member.role })}
            />
          </li>
        ))}
      </ul>
      <ProblemNote problem={taking.problem} />
      <Invite showId={desk.showId} />
    </div>
  )
}

function Invite({ showId }: { readonly showId: string }) {
  const words = useWords('studio')
  const formats = useFormats()
  const [role, setRole] = useState<Role>('moderator')
  const inviting = useAct(inviteToShow)
  const [made, setMade] = useState<{ address: string; expiresAt: number } | null>(null)
  const [copied, setCopied] = useState(false)
  const make = async () => {
    const answer = await inviting.run({ showId, role })
    if (!answer.ok) return
    setCopied(false)
    setMade({ address: location.origin + answer.value.link, expiresAt: answer.value.expiresAt })
  }
  const share = async () => {
    if (!made) return
    await navigator.clipboard.writeText(made.address)
    setCopied(true)
  }
  return (
    <section className="team-invite" aria-label={words('studio.invite')}>
      <h2>{words('studio.invite')}</h2>
      <RadioGroup<Role>
        label={words('studio.invite_as')}
        value={role}
        onChange={setRole}
        look="cards"
        options={(['moderator', 'host'] as const).map((one) => ({
          value: one,
          label: words(`studio.role_${one}`),
          note: words(`studio.role_${one}_note`),
        }))}
      />
      <Button icon={LinkIcon} busy={inviting.busy} onPress={() => void make()}>
        {words('studio.invite_make')}
      </Button>
      <ProblemNote problem={inviting.problem} />
      {made ? (
        <div className="team-link">
          <Qr text={made.address} size={132} />
          <div>
            <code dir="ltr">{made.address}</code>
            <p className="muted small">{words('studio.invite_until', { when: formats.date(made.expiresAt, 'dateTime') })}</p>
            <Button size="s" onPress={() => void share()}>
              {words(copied ? 'common.copied' : 'common.copy_link')}
            </Button>
          </div>
        </div>
      ) : null}
    </section>
  )
}
