import { armLot, lotBoard, revokeLot } from '@efir/contract/lots.ts'
import { PackageCheck, Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useAct } from '../../../net/query.ts'
import { ProblemNote } from '../../../parts/face/problem.tsx'
import type { DeskLot } from '../../../parts/studio/thumb.ts'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { useWords } from '../../../ui/words.tsx'

const changed = [lotBoard] as const
const runs = (lot: DeskLot): boolean => lot.state === 'armed' || lot.state === 'counting' || lot.state === 'open'

/** What is seldom done with a deal: its units set aside ahead of the opening, or an end at once. */
export function LotDeal({ lot, small = false }: { readonly lot: DeskLot; readonly small?: boolean }) {
  const words = useWords('studio')
  const [asked, setAsked] = useState(false)
  const arming = useAct(armLot, { changes: changed })
  const revoking = useAct(revokeLot, { changes: changed })
  if (lot.link) return null
  const revoke = async () => {
    if ((await revoking.run({ lotId: lot.id })).ok) setAsked(false)
  }
  return (
    <div className="lot-deal">
      {runs(lot) ? (
        <Button size={small ? 's' : 'm'} kind="danger" icon={Undo2} onPress={() => setAsked(true)}>
          {words('studio.revoke')}
        </Button>
      ) : (
        <>
          <Button
            size={small ? 's' : 'm'}
            icon={PackageCheck}
            busy={arming.busy}
            onPress={() => void arming.run({ lotId: lot.id })}
          >
            {words('studio.arm')}
          </Button>
          <p className="muted small">{words('studio.arm_text')}</p>
        </>
      )}
      <ProblemNote problem={arming.problem} />
      <Dialog
        open={asked}
        onClose={() => setAsked(false)}
        title={words('studio.revoke_title', { number: lot.number })}
        confirm={words('studio.revoke')}
        kind="danger"
        busy={revoking.busy}
        onConfirm={() => void revoke()}
      >
        <p>{words('studio.revoke_text')}</p>
        <ProblemNote problem={revoking.problem} />
      </Dialog>
    </div>
  )
}
