import { addSite, removeSite, shopSites } from '@efir/contract/integrations.ts'
import { textIn } from '@efir/contract/scalars.ts'
import { listShows } from '@efir/contract/shows.ts'
import { useState } from 'react'
import { useAct, useView } from '../../../net/query.ts'
import { ProblemNote, ProblemState } from '../../../parts/face/problem.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Select } from '../../../ui/Choice.tsx'
import { EmptyState, Skeleton } from '../../../ui/State.tsx'
import { TextInput } from '../../../ui/TextInput.tsx'
import { useLanguage, useWords } from '../../../ui/words.tsx'
import { useShop } from '../frame/shop.ts'
import { CopyButton } from './Once.tsx'

const changed = [shopSites] as const

export function SitesTab() {
  const words = useWords('developers', 'refusals')
  const shop = useShop()
  const view = useView(shopSites, { shopId: shop.id })
  const adding = useAct(addSite, { changes: changed })
  const removing = useAct(removeSite, { changes: changed })
  const [origin, setOrigin] = useState('')
  if (view.state === 'loading') return <Skeleton height="320px" />
  if (view.state === 'failed') return <ProblemState problem={view.problem} again={view.again} />
  const submit = async () => {
    const plain = URL.parse(origin.trim())?.origin ?? origin.trim()
    if ((await adding.run({ shopId: shop.id, origin: plain })).ok) setOrigin('')
  }
  return (
    <>
      <p className="muted">{words('developers.sites_text')}</p>
      {view.value.sites.length === 0 ? <EmptyState title={words('developers.no_sites')} /> : null}
      <ul className="dev-list">
        {view.value.sites.map((site) => (
          <li key={site.origin} className="dev-row dev-head">
            <code className="dev-code" dir="ltr">
              {site.origin}
            </code>
            <Button size="s" busy={removing.busy} onPress={() => void removing.run({ shopId: shop.id, origin: site.origin })}>
              {words('common.remove')}
            </Button>
          </li>
        ))}
      </ul>
      <form
        className="office-form"
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <TextInput
          label={words('developers.site_origin')}
          hint={words('developers.site_hint')}
          type="url"
          value={origin}
          onChange={setOrigin}
          maxLength={255}
        />
        <ProblemNote problem={adding.problem ?? removing.problem} />
        <Button kind="ink" type="submit" busy={adding.busy} disabled={origin.trim() === ''}>
          {words('developers.add_site')}
        </Button>
      </form>
      <Snippet />
    </>
  )
}

/** What is copied into the page of the other site. */
function Snippet() {
  const words = useWords('developers')
  const { locale } = useLanguage()
  const shop = useShop()
  const shows = useView(listShows, { shopId: shop.id, limit: 30 })
  const [chosen, setChosen] = useState('')
  const list = shows.value?.items ?? []
  const showId = chosen || (list[0]?.id ?? '')
  if (showId === '') return null
  const code = `<script type="module" src="${location.origin}/embed/v1/efir-show.js"></script>\n<efir-show show="${showId}" locale="${locale}"></efir-show>`
  return (
    <section className="office-form">
      <h2>{words('developers.put_show')}</h2>
      <Select
        label={words('developers.which_show')}
        value={showId}
        onChange={setChosen}
        options={list.map((show) => ({ value: show.id, label: textIn(show.title, locale) }))}
      />
      <pre className="dev-code" dir="ltr" tabIndex={0}>
        {code}
      </pre>
      <div className="office-actions">
        <CopyButton text={code}>{words('developers.copy_code')}</CopyButton>
        <Button size="s" kind="ghost" href={`/embed/demo?show=${showId}&lang=${locale}`}>
          {words('developers.see_demo')}
        </Button>
      </div>
    </section>
  )
}
