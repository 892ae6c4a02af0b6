import type { Out } from '@efir/contract/act.ts'
import { giveRole, inviteToShop, me, shopTeam, takeInvitationBack, takeRole } from '@efir/contract/identity.ts'
import type { ShopRole } from '@efir/contract/scalars.ts'
import { Copy, UserPlus } from 'lucide-react'
import { useState } from 'react'
import { useAct, useView } from '../../../net/query.ts'
import { ProblemNote, ProblemState } from '../../../parts/face/problem.tsx'
import { useMe } from '../../../parts/identity/session.ts'
import { imageUrl } from '../../../parts/shows/cover.ts'
import { Button } from '../../../ui/Button.tsx'
import { Checkbox, RadioGroup } from '../../../ui/Choice.tsx'
import { useKeys } from '../../../ui/keys.ts'
import { Avatar, Tag } from '../../../ui/Marks.tsx'
import { setQuery, usePlace } from '../../../ui/router.tsx'
import { Sheet } from '../../../ui/Sheet.tsx'
import { PageHeader, SidePanel } from '../../../ui/Shell.tsx'
import { EmptyState } from '../../../ui/State.tsx'
import { type Column, Table } from '../../../ui/Table.tsx'
import { TextInput } from '../../../ui/TextInput.tsx'
import { useFormats, useWords } from '../../../ui/words.tsx'
import { owns, useShop } from '../frame/shop.ts'

type Member = Out<typeof shopTeam>['members'][number]
type Invitation = Out<typeof shopTeam>['invitations'][number]
const roles = ['owner', 'manager', 'fulfilment'] as const
const changed = [shopTeam, me] as const

export function PeoplePage() {
  const words = useWords('office')
  const shop = useShop()
  const { query } = usePlace()
  const view = useView(shopTeam, { shopId: shop.id })
  const open = query.get('person')
  const inviting = query.get('new') === '1'
  useKeys({
    ...(owns(shop) ? { n: () => setQuery({ new: '1' }) } : {}),
    ...(open ? { Escape: () => setQuery({ person: null }) } : {}),
  })
  const member = view.value?.members.find((one) => one.personId === open)
  return (
    <div className="page-with-panel">
      <div className="office-page">
        <PageHeader
          title={words('office.people')}
          text={words('office.people_text')}
          actions={
            owns(shop) ? (
              <Button size="s" kind="ink" icon={UserPlus} keyHint="N" onPress={() => setQuery({ new: '1' })}>
                {words('office.invite')}
              </Button>
            ) : null
          }
        />
        <div className="office-rows">
          {view.state === 'failed' ? (
            <ProblemState problem={view.problem} again={view.again} />
          ) : (
            <Members rows={view.value?.members} open={open} />
          )}
          {view.value && view.value.invitations.length > 0 ? <Invitations rows={view.value.invitations} /> : null}
        </div>
      </div>
      <SidePanel open={member !== undefined} onClose={() => setQuery({ person: null })} title={member?.name ?? ''}>
        {member ? <MemberBody key={member.personId} member={member} /> : null}
      </SidePanel>
      <Sheet open={inviting} onClose={() => setQuery({ new: null })} title={words('office.invite')} height="content">
        {inviting ? <InviteForm /> : null}
      </Sheet>
    </div>
  )
}

function Members({ rows, open }: { readonly rows: readonly Member[] | undefined; readonly open: string | null }) {
  const words = useWords('office')
  const formats = useFormats()
  const columns: readonly Column<Member>[] = [
    {
      id: 'name',
      head: words('office.person'),
      cell: (row) => (
        <span className="product-cell">
          <Avatar name={row.name} src={imageUrl(row.picture, 160)} size={24} />
          <bdi className="ellipsis">{row.name}</bdi>
        </span>
      ),
      narrow: 'title',
    },
    { id: 'email', head: words('office.email'), cell: (row) => <bdi>{row.email ?? '–'}</bdi>, tone: 'muted', narrow: 'state' },
    {
      id: 'roles',
      head: words('office.roles'),
      cell: (row) => formats.list(row.roles.map((role) => words(`office.role_${role}`))),
      narrow: 'meta',
    },
    {
      id: 'since',
      head: words('office.here_since'),
      cell: (row) => formats.date(row.since, 'date'),
      tone: 'muted',
      align: 'end',
    },
  ]
  return (
    <Table
      label={words('office.people')}
      columns={columns}
      rows={rows}
      idOf={(row) => row.personId}
      current={open}
      onOpen={(row) => setQuery({ person: row.personId })}
      skeletonRows={3}
      empty={<EmptyState title={words('common.empty')} />}
    />
  )
}

function Invitations({ rows }: { readonly rows: readonly Invitation[] }) {
  const words = useWords('office', 'refusals')
  const formats = useFormats()
  const shop = useShop()
  const taking = useAct(takeInvitationBack, { changes: changed })
  return (
    <section className="office-body">
      <div className="office-section-head">
        <h2>{words('office.open_invitations')}</h2>
      </div>
      <ProblemNote problem={taking.problem} />
      <ul className="plain-rows">
        {rows.map((one) => (
          <li key={one.id}>
            <span className="ellipsis">
              <bdi>{one.email ?? words('office.by_link')}</bdi>
            </span>
            <Tag outline>{roleText(words, one.role)}</Tag>
            <span className="muted">{words('office.valid_until', { date: formats.date(one.expiresAt, 'day') })}</span>
            {owns(shop) ? (
              <Button
                size="s"
                kind="ghost"
                busy={taking.busy}
                onPress={() => void taking.run({ shopId: shop.id, invitationId: one.id })}
              >
                {words('office.take_back')}
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  )
}

function roleText(words: ReturnType<typeof useWords<'office' | 'refusals'>>, role: string): string {
  const known = roles.find((one) => one === role)
  return known ? words(`office.role_${known}`) : role
}

function MemberBody({ member }: { readonly member: Member }) {
  const words = useWords('office', 'refusals')
  const shop = useShop()
  const myself = useMe().value?.person?.id === member.personId
  const giving = useAct(giveRole, { changes: changed })
  const taking = useAct(takeRole, { changes: changed })
  const input = { shopId: shop.id, personId: member.personId }
  return (
    <div className="office-form">
      <header className="panel-head">
        <div className="panel-line">
          <h2>
            <bdi>{member.name}</bdi>
          </h2>
          <button type="button" className="text-link small panel-close" onClick={() => setQuery({ person: null })}>
            {words('common.close')}
          </button>
        </div>
        <bdi className="muted">{member.email}</bdi>
      </header>
      {roles.map((role) => (
        <Checkbox
          key={role}
          label={words(`office.role_${role}`)}
          hint={words(`office.role_${role}_text`)}
          checked={member.roles.includes(role)}
          disabled={!owns(shop) || giving.busy || taking.busy || (myself && role === 'owner')}
          onChange={(on) => void (on ? giving : taking).run({ ...input, role })}
        />
      ))}
      <ProblemNote problem={giving.problem ?? taking.problem} />
      {owns(shop) ? null : <p className="muted">{words('office.only_owner')}</p>}
    </div>
  )
}

function InviteForm() {
  const words = useWords('office', 'refusals')
  const shop = useShop()
  const [role, setRole] = useState<ShopRole>('fulfilment')
  const [email, setEmail] = useState('')
  const [link, setLink] = useState('')
  const [copied, setCopied] = useState(false)
  const inviting = useAct(inviteToShop, { changes: changed })
  const submit = async () => {
    const answer = await inviting.run({ shopId: shop.id, role, ...(email.trim() ? { email: email.trim() } : {}) })
    if (answer.ok) setLink(`${location.origin}/office${answer.value.link}`)
  }
  if (link)
    return (
      <div className="office-form">
        <p>{words(email.trim() ? 'office.invite_mailed' : 'office.invite_link', { email: email.trim() })}</p>
        <TextInput label={words('office.link')} value={link} onChange={() => undefined} dir="ltr" />
        <Button
          kind="ink"
          icon={Copy}
          onPress={() => {
            void navigator.clipboard.writeText(link).then(() => setCopied(true))
          }}
        >
          {words(copied ? 'common.copied' : 'common.copy_link')}
        </Button>
      </div>
    )
  return (
    <form
      className="office-form"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <RadioGroup<ShopRole>
        label={words('office.roles')}
        value={role}
        onChange={setRole}
        options={roles.map((value) => ({
          value,
          label: words(`office.role_${value}`),
          note: words(`office.role_${value}_text`),
        }))}
      />
      <TextInput
        label={words('office.email')}
        hint={words('office.invite_email_hint')}
        optional
        type="email"
        value={email}
        onChange={setEmail}
      />
      <ProblemNote problem={inviting.problem} />
      <Button kind="ink" type="submit" busy={inviting.busy}>
        {words('office.make_link')}
      </Button>
    </form>
  )
}
