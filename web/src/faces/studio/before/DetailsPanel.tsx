import { type LocalText, textIn } from '@efir/contract/scalars.ts'
import { cancelShow, changeShow, myShows, scheduleShow, showPage } from '@efir/contract/shows.ts'
import { useState } from 'react'
import type { Problem } from '../../../net/api.ts'
import { refresh, useAct } from '../../../net/query.ts'
import { ProblemNote } from '../../../parts/face/problem.tsx'
import { imageUrl } from '../../../parts/shows/cover.ts'
import { uploadShowPicture } from '../../../parts/studio/upload.ts'
import type { Show } from '../../../parts/studio/use-desk.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { FileDrop } from '../../../ui/FileDrop.tsx'
import { useLanguage, useWords } from '../../../ui/words.tsx'
import { instantOf, localText, type ShowFields, ShowForm } from '../ShowForm.tsx'

const changed = [showPage, myShows] as const

export function DetailsPanel({ show }: { readonly show: Show }) {
  const words = useWords('studio')
  const { locale } = useLanguage()
  const [fields, setFields] = useState<ShowFields>(() => ({
    title: textIn(show.title, locale),
    about: textIn(show.about, locale),
    startsAt: localText(show.startsAt),
    plannedMinutes: show.plannedMinutes,
    languages: show.languages,
    visibility: show.visibility,
  }))
  const [saved, setSaved] = useState(false)
  const changing = useAct(changeShow, { changes: changed })
  const scheduling = useAct(scheduleShow, { changes: changed })
  const cancelling = useAct(cancelShow, { changes: changed })
  const [asking, setAsking] = useState(false)
  const save = async () => {
    const text = (before: LocalText, now: string): LocalText => ({ ...before, [locale]: now })
    setSaved(false)
    const answer = await changing.run({
      showId: show.id,
      title: text(show.title, fields.title.trim()),
      about: text(show.about, fields.about.trim()),
      languages: [...fields.languages],
      visibility: fields.visibility,
      plannedMinutes: fields.plannedMinutes,
    })
    const startsAt = instantOf(fields.startsAt)
    const moved = startsAt !== null && localText(show.startsAt) !== fields.startsAt
    if (!answer.ok || (moved && !(await scheduling.run({ showId: show.id, startsAt })).ok)) return
    setSaved(true)
  }
  return (
    <div className="page-narrow">
      <Cover show={show} />
      <ShowForm
        value={fields}
        onChange={(next) => {
          setSaved(false)
          setFields(next)
        }}
        onSubmit={() => void save()}
        submit={words('common.save')}
        busy={changing.busy || scheduling.busy}
      />
      <ProblemNote problem={changing.problem ?? scheduling.problem ?? cancelling.problem} />
      {saved ? <Banner tone="ok">{words('common.saved')}</Banner> : null}
      <Button kind="danger" onPress={() => setAsking(true)}>
        {words('studio.cancel_show')}
      </Button>
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title={words('studio.cancel_show_ask')}
        confirm={words('studio.cancel_show')}
        kind="danger"
        busy={cancelling.busy}
        onConfirm={() => void cancelling.run({ showId: show.id }).then(() => setAsking(false))}
      >
        {words('studio.cancel_show_text', { n: show.reminders })}
      </Dialog>
    </div>
  )
}

function Cover({ show }: { readonly show: Show }) {
  const words = useWords('studio')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem | null>(null)
  const changing = useAct(changeShow, { changes: changed })
  const take = async (file: File | undefined) => {
    if (!file) return
    setBusy(true)
    setProblem(null)
    const uploaded = await uploadShowPicture(show.id, file, file.name)
    if (uploaded.ok) await changing.run({ showId: show.id, coverPictureId: uploaded.picture.id })
    else setProblem(uploaded.problem)
    setBusy(false)
    await refresh(showPage)
  }
  return (
    <div className="show-form-cover">
      {show.cover ? <img src={imageUrl(show.cover, 320)} alt={words('studio.cover')} /> : null}
      <FileDrop
        label={words('studio.cover')}
        hint={words('studio.cover_hint')}
        accept="image/*"
        maxBytes={15_000_000}
        busy={busy}
        onFiles={([file]) => void take(file)}
      />
      <ProblemNote problem={problem ?? changing.problem} />
    </div>
  )
}
