import type { Out } from '@efir/contract/act.ts'
import { payProviders, type platformPayAccounts } from '@efir/contract/payments.ts'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { Problem } from '../../../net/api.ts'
import { ProblemNote } from '../../../parts/face/problem.tsx'
import { useMarkets } from '../../../parts/markets/market.ts'
import { Button } from '../../../ui/Button.tsx'
import { Checkbox, RadioGroup, Switch } from '../../../ui/Choice.tsx'
import { Tag } from '../../../ui/Marks.tsx'
import { Sheet } from '../../../ui/Sheet.tsx'
import { EmptyState } from '../../../ui/State.tsx'
import { TextInput } from '../../../ui/TextInput.tsx'
import { useFormats, useWords } from '../../../ui/words.tsx'
import './Accounts.css'

export type Account = Out<typeof platformPayAccounts>['accounts'][number]

/** Proper names, the same in every language. */
const names: Readonly<Record<Account['provider'], string>> = { stripe: 'Stripe', yookassa: 'YooKassa' }

export interface AccountDraft {
  readonly accountId?: string
  readonly provider: Account['provider']
  readonly publicKey: string
  readonly secretKey?: string
  readonly webhookSecret?: string
  readonly markets: string[]
  readonly active: boolean
}

export interface PayAccountsProps {
  readonly title: string
  readonly text: string
  readonly accounts: readonly Account[]
  readonly busy: boolean
  readonly problem: Problem | null
  /** True when it was saved. */
  readonly onSave: (draft: AccountDraft) => Promise<boolean>
}

/** Accounts at payment providers, of a shop or of the platform. Keys go in and are never seen again; their ends tell them apart. */
export function PayAccounts({ title, text, accounts, busy, problem, onSave }: PayAccountsProps) {
  const words = useWords('office', 'refusals')
  const [editing, setEditing] = useState<Account | 'new' | null>(null)
  return (
    <section className="office-section">
      <div className="office-section-head">
        <h2>{title}</h2>
        <Button size="s" icon={Plus} onPress={() => setEditing('new')}>
          {words('office.pay_add')}
        </Button>
      </div>
      <p className="muted">{text}</p>
      {accounts.length === 0 ? <EmptyState title={words('office.pay_none')} text={words('office.pay_none_text')} /> : null}
      <ul className="plain-rows">
        {accounts.map((account) => (
          <AccountRow key={account.id} account={account} onEdit={() => setEditing(account)} />
        ))}
      </ul>
      <Sheet
        open={editing !== null}
        onClose={() => setEditing(null)}
        title={words(editing === 'new' ? 'office.pay_add' : 'common.edit')}
      >
        {editing ? (
          <AccountForm
            key={editing === 'new' ? 'new' : editing.id}
            account={editing === 'new' ? null : editing}
            busy={busy}
            problem={problem}
            onSave={async (draft) => {
              if (await onSave(draft)) setEditing(null)
            }}
          />
        ) : null}
      </Sheet>
    </section>
  )
}

function AccountRow({ account, onEdit }: { readonly account: Account; readonly onEdit: () => void }) {
  const words = useWords('office')
  const formats = useFormats()
  const where =
    account.markets.length === 0 ? words('office.everywhere') : formats.list(account.markets.map((code) => formats.country(code)))
  return (
    <li>
      <div className="pay-account">
        <b>
          {names[account.provider]} <bdi dir="ltr">{account.publicKey.slice(0, 24)}</bdi>
        </b>
        <span className="muted">{where}</span>
        <bdi className="muted" dir="ltr">
          {Object.values(account.ends).join('  ')}
        </bdi>
        <span className="muted">{words('office.pay_callback')}</span>
        <bdi dir="ltr">{account.callbackUrl}</bdi>
        <span className="pay-account-tags">
          <Tag tone={account.active ? 'ok' : 'plain'}>{words(account.active ? 'office.pay_on' : 'office.pay_off')}</Tag>
          {account.live ? null : <Tag tone="warn">{words('office.pay_tests')}</Tag>}
          {account.sealedBefore ? <Tag tone="danger">{words('office.pay_sealed_before')}</Tag> : null}
        </span>
      </div>
      <Button size="s" onPress={onEdit}>
        {words('common.edit')}
      </Button>
    </li>
  )
}

interface AccountFormProps {
  readonly account: Account | null
  readonly busy: boolean
  readonly problem: Problem | null
  readonly onSave: (draft: AccountDraft) => Promise<void>
}

function AccountForm({ account, busy, problem, onSave }: AccountFormProps) {
  const words = useWords('office', 'refusals')
  const formats = useFormats()
  const codes = useMarkets().map((one) => one.code)
  const [provider, setProvider] = useState<Account['provider']>(account?.provider ?? 'stripe')
  const [publicKey, setPublicKey] = useState(account?.publicKey ?? '')
  const [secretKey, setSecretKey] = useState('')
  const [webhookSecret, setWebhookSecret] = useState('')
  const [markets, setMarkets] = useState<readonly string[]>(account?.markets ?? [])
  const [active, setActive] = useState(account?.active ?? true)
  const stripe = provider === 'stripe'
  const wrongField = problem?.refusal === 'bad_input' ? String(problem.params.field) : ''
  const wrong = (field: string) => (wrongField === field ? words('office.pay_key_wrong') : undefined)
  const kept = (name: string) => (account?.ends[name] ? words('office.pay_kept', { end: account.ends[name] }) : undefined)
  const ready = publicKey.trim() !== '' && (account !== null || (secretKey !== '' && (!stripe || webhookSecret !== '')))
  const secretInput = (name: 'secretKey' | 'webhookSecret', value: string, set: (text: string) => void) => (
    <TextInput
      label={words(name === 'webhookSecret' ? 'office.pay_webhook_secret' : 'office.pay_secret_key')}
      value={value}
      onChange={(text) => set(text.trim())}
      type="password"
      autoComplete="off"
      name={name}
      dir="ltr"
      optional={account !== null}
      hint={kept(name)}
      error={wrong(name)}
      maxLength={300}
    />
  )
  return (
    <form
      className="office-form"
      onSubmit={(event) => {
        event.preventDefault()
        void onSave({
          ...(account ? { accountId: account.id } : {}),
          provider,
          publicKey: publicKey.trim(),
          ...(secretKey ? { secretKey } : {}),
          ...(stripe && webhookSecret ? { webhookSecret } : {}),
          markets: [...markets],
          active,
        })
      }}
    >
      {account ? null : (
        <RadioGroup<Account['provider']>
          label={words('office.provider')}
          look="chips"
          value={provider}
          onChange={setProvider}
          options={payProviders.map((value) => ({ value, label: names[value] }))}
        />
      )}
      <TextInput
        label={words(stripe ? 'office.pay_public_key' : 'office.pay_shop_number')}
        value={publicKey}
        onChange={setPublicKey}
        name="publicKey"
        dir="ltr"
        autoComplete="off"
        error={wrong('publicKey')}
        maxLength={200}
      />
      {secretInput('secretKey', secretKey, setSecretKey)}
      {stripe ? secretInput('webhookSecret', webhookSecret, setWebhookSecret) : null}
      <fieldset className="pay-markets">
        <legend>{words('office.pay_markets')}</legend>
        <p className="muted">{words('office.pay_markets_hint')}</p>
        {codes.map((code) => (
          <Checkbox
            key={code}
            label={formats.country(code)}
            checked={markets.includes(code)}
            onChange={(on) => setMarkets(on ? [...markets, code] : markets.filter((one) => one !== code))}
          />
        ))}
      </fieldset>
      <Switch label={words('office.pay_active')} checked={active} onChange={setActive} />
      {wrongField === '' ? <ProblemNote problem={problem} /> : null}
      <Button kind="ink" type="submit" busy={busy} disabled={!ready}>
        {words('common.save')}
      </Button>
    </form>
  )
}
