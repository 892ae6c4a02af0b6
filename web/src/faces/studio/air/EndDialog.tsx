import { textIn } from '@efir/contract/scalars.ts'
import { ProblemNote } from '../../../parts/face/problem.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import type { Air } from './air.ts'

/** What ends with the show, said before it ends. */
export function EndDialog({ air, open, onClose }: { readonly air: Air; readonly open: boolean; readonly onClose: () => void }) {
  const words = useWords('studio')
  const formats = useFormats()
  const { locale } = useLanguage()
  const { desk, sender } = air
  const running = desk.lots.filter((lot) => lot.state === 'open' || lot.state === 'counting')
  const end = async () => {
    if (!(await desk.acts.end())) return
    onClose()
    await sender.stop()
  }
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={words('studio.end_ask')}
      confirm={words('studio.end_show')}
      kind="danger"
      busy={desk.acts.busy}
      disabled={!desk.online}
      onConfirm={() => void end()}
    >
      <p>{words('studio.end_viewers', { n: desk.viewers })}</p>
      {running.length > 0 ? (
        <p>{words('studio.end_lots', { lots: formats.list(running.map((lot) => textIn(lot.title, locale))) })}</p>
      ) : null}
      <ProblemNote problem={desk.acts.problem} />
    </Dialog>
  )
}
