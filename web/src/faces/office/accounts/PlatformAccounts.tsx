import { platformPayAccounts, savePlatformPayAccount, sealSecretsAnew } from '@efir/contract/payments.ts'
import { useAct, useView } from '../../../net/query.ts'
import { ProblemNote, ProblemState } from '../../../parts/face/problem.tsx'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Skeleton } from '../../../ui/State.tsx'
import { useWords } from '../../../ui/words.tsx'
import { PayAccounts } from './PayAccounts.tsx'
import { ReportCheck } from './ReportCheck.tsx'

const changed = [platformPayAccounts] as const

export function PlatformAccounts() {
  const words = useWords('office', 'refusals')
  const view = useView(platformPayAccounts, {})
  const saving = useAct(savePlatformPayAccount, { changes: changed })
  const sealing = useAct(sealSecretsAnew, { changes: changed })
  if (view.state === 'loading') return <Skeleton height="240px" />
  if (view.state === 'failed') return <ProblemState problem={view.problem} again={view.again} />
  const before = view.value.accounts.some((account) => account.sealedBefore)
  return (
    <div className="office-rows">
      <div className="office-body office-body-narrow">
        {before ? (
          <Banner tone="warn" title={words('office.pay_sealed_before')}>
            <p>{words('office.pay_seal_text')}</p>
            <Button size="s" busy={sealing.busy} onPress={() => void sealing.run({})}>
              {words('office.pay_seal')}
            </Button>
            <ProblemNote problem={sealing.problem} />
          </Banner>
        ) : null}
        <PayAccounts
          title={words('office.platform_accounts')}
          text={words('office.pay_platform_text')}
          accounts={view.value.accounts}
          busy={saving.busy}
          problem={saving.problem}
          onSave={async (draft) => (await saving.run(draft)).ok}
        />
        {view.value.accounts
          .filter((account) => account.provider === 'stripe')
          .map((account) => (
            <ReportCheck key={account.id} account={account} />
          ))}
      </div>
    </div>
  )
}
