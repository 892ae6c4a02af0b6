import type { Out } from '@efir/contract/act.ts'
import { compareReport } from '@efir/contract/payments.ts'
import { useState } from 'react'
import { useAct } from '../../../net/query.ts'
import { ProblemNote } from '../../../parts/face/problem.tsx'
import { Banner } from '../../../ui/Banner.tsx'
import { FileDrop } from '../../../ui/FileDrop.tsx'
import { useFormats, useWords } from '../../../ui/words.tsx'
import type { Account } from './PayAccounts.tsx'

/** The provider's own account of things against ours. */
export function ReportCheck({ account }: { readonly account: Account }) {
  const words = useWords('office', 'refusals')
  const formats = useFormats()
  const comparing = useAct(compareReport)
  const [result, setResult] = useState<Out<typeof compareReport> | null>(null)
  const take = async (file: File | undefined) => {
    if (!file) return
    const answer = await comparing.run({ accountId: account.id, csv: await file.text() })
    setResult(answer.ok ? answer.value : null)
  }
  return (
    <section className="office-section">
      <h2>
        {words('office.report')} <bdi dir="ltr">{account.publicKey.slice(0, 24)}</bdi>
      </h2>
      <FileDrop
        label={words('office.report_text')}
        accept=".csv,text/csv"
        maxBytes={900_000}
        busy={comparing.busy}
        onFiles={(files) => void take(files[0])}
      />
      <ProblemNote problem={comparing.problem} />
      {result ? (
        <Banner
          tone={result.differences.length === 0 ? 'ok' : 'warn'}
          title={words('office.report_agrees', { n: formats.number(result.matched), fees: formats.number(result.feesBooked) })}
        >
          <ul>
            {result.differences.map((one) => (
              <li key={`${one.kind} ${one.source} ${one.at}`}>
                {words(`office.report_${one.kind}`)}: <bdi>{one.source}</bdi>, {formats.date(one.at, 'dateTime')}
                {one.theirs ? `, ${words('office.report_theirs')} ${formats.money(one.theirs)}` : ''}
                {one.ours ? `, ${words('office.report_ours')} ${formats.money(one.ours)}` : ''}
              </li>
            ))}
          </ul>
        </Banner>
      ) : null}
    </section>
  )
}
