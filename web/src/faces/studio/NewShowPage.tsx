import { createShow, myShows, scheduleShow } from '@efir/contract/shows.ts'
import { useState } from 'react'
import { useAct } from '../../net/query.ts'
import { ProblemNote } from '../../parts/face/problem.tsx'
import { useMe } from '../../parts/identity/session.ts'
import { Select } from '../../ui/Choice.tsx'
import { go } from '../../ui/router.tsx'
import { EmptyState } from '../../ui/State.tsx'
import { useLanguage, useWords } from '../../ui/words.tsx'
import { Page } from './Page.tsx'
import { emptyShow, instantOf, ShowForm } from './ShowForm.tsx'

const changed = [myShows] as const

export function NewShowPage() {
  return (
    <Page>
      <NewShow />
    </Page>
  )
}

function NewShow() {
  const words = useWords('studio')
  const { locale } = useLanguage()
  const me = useMe()
  const shops = (me.value?.shops ?? []).filter((shop) => shop.roles.some((role) => role === 'owner' || role === 'manager'))
  const [shopId, setShopId] = useState<string | null>(null)
  const [fields, setFields] = useState(() => emptyShow(locale))
  const creating = useAct(createShow, { changes: changed })
  const scheduling = useAct(scheduleShow, { changes: changed })
  const shop = shops.find((one) => one.id === shopId) ?? shops[0]
  if (!shop) return <EmptyState title={words('studio.no_shows')} text={words('studio.no_shows_host')} />
  const create = async () => {
    const startsAt = instantOf(fields.startsAt)
    const answer = await creating.run({
      shopId: shop.id,
      title: { [locale]: fields.title.trim() },
      ...(fields.about.trim() ? { about: { [locale]: fields.about.trim() } } : {}),
      languages: [...fields.languages],
      visibility: fields.visibility,
      plannedMinutes: fields.plannedMinutes,
    })
    if (!answer.ok) return
    if (startsAt !== null && !(await scheduling.run({ showId: answer.value.id, startsAt })).ok) return
    go(`/studio/show/${answer.value.id}`, { replace: true })
  }
  return (
    <>
      <h1>{words('studio.new_show')}</h1>
      {shops.length > 1 ? (
        <div className="page-narrow">
          <Select
            label={words('studio.shop')}
            value={shop.id}
            onChange={setShopId}
            options={shops.map((one) => ({ value: one.id, label: one.name }))}
          />
        </div>
      ) : null}
      <ShowForm
        value={fields}
        onChange={setFields}
        onSubmit={() => void create()}
        submit={words('studio.create_show')}
        busy={creating.busy || scheduling.busy}
      />
      <ProblemNote problem={creating.problem ?? scheduling.problem} />
    </>
  )
}
