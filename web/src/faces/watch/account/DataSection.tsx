import { askArchive, eraseMe, mySecurity } from '@efir/contract/account.ts'
import type { Out } from '@efir/contract/act.ts'
import { useState } from 'react'
import { queries, useAct } from '../../../net/query.ts'
import { ProblemNote } from '../../../parts/face/problem.tsx'
import { forgetRemembered } from '../../../parts/orders/remembered.ts'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { go } from '../../../ui/router.tsx'
import { useFormats, useWords } from '../../../ui/words.tsx'
import { Section } from '../site/SitePage.tsx'

interface Props {
  readonly security: Out<typeof mySecurity>
  readonly prove: () => void
}
const changed = [mySecurity] as const

/** To have everything, and to be forgotten. */
export function DataSection({ security, prove }: Props) {
  const words = useWords('account', 'refusals')
  const formats = useFormats()
  const archive = useAct(askArchive, { changes: changed })
  const erase = useAct(eraseMe)
  const [sure, setSure] = useState(false)
  const proven = security.provenUntilAt !== null
  const forget = async () => {
    const answer = await erase.run({ sure: true })
    setSure(false)
    if (!answer.ok) return
    forgetRemembered()
    await queries.invalidateQueries()
    go('/', { replace: true })
  }
  return (
    <>
      <Section id="data" title={words('account.data_title')}>
        <p>{words('account.export_text', { email: security.email })}</p>
        <ul className="account-list">
          {security.archives.map((one) => (
            <li key={one.id}>
              <span className="account-list-text">
                {one.untilAt
                  ? words('account.export_until', { date: formats.date(one.untilAt, 'dateTime') })
                  : words('account.export_making')}
              </span>
              {one.readyAt ? (
                <Button size="s" href={`/api/me/archives/${one.id}`}>
                  {words('account.export_download')}
                </Button>
              ) : null}
            </li>
          ))}
        </ul>
        <ProblemNote problem={archive.problem} />
        <div className="account-actions">
          <Button busy={archive.busy} onPress={() => (proven ? void archive.run({}) : prove())}>
            {words('account.export_ask')}
          </Button>
        </div>
      </Section>
      <Section id="erase" title={words('account.erase_title')}>
        <p>{words('account.erase_text')}</p>
        <ProblemNote problem={erase.problem} />
        <div className="account-actions">
          <Button kind="danger" onPress={() => (proven ? setSure(true) : prove())}>
            {words('account.erase_ask')}
          </Button>
        </div>
        <Dialog
          open={sure}
          onClose={() => setSure(false)}
          title={words('account.erase_sure')}
          confirm={words('account.erase_for_good')}
          kind="danger"
          busy={erase.busy}
          onConfirm={() => void forget()}
        >
          {words('account.erase_text')}
        </Dialog>
      </Section>
    </>
  )
}
