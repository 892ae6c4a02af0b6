import { textIn } from '@efir/contract/scalars.ts'
import { MessageSquareText } from 'lucide-react'
import { ProblemNote } from '../../../parts/face/problem.tsx'
import { IconButton } from '../../../ui/Button.tsx'
import { Sheet } from '../../../ui/Sheet.tsx'
import { useLanguage, useWords } from '../../../ui/words.tsx'
import { PlanEditor } from '../plan/PlanEditor.tsx'
import { Actions } from './Actions.tsx'
import type { Air } from './air.ts'
import { ChatOverlay, DeskChat } from './DeskChat.tsx'
import { FarFacts } from './Facts.tsx'
import { Hud } from './Hud.tsx'
import { LotPanel } from './LotPanel.tsx'
import { MoreSheet } from './MoreSheet.tsx'
import { NowNext } from './NowNext.tsx'
import './PhoneDesk.css'
import { Preview } from './Preview.tsx'

/** A phone on a tripod: picture behind everything, one thumb-sized action at the bottom. */
export function PhoneDesk({ air }: { readonly air: Air }) {
  const words = useWords('studio')
  const { locale } = useLanguage()
  const { desk, panel, show } = air
  return (
    <main className="phone-desk" tabIndex={-1} data-slate={desk.slate || undefined}>
      <h1 className="hidden-text">{textIn(desk.show?.title, locale)}</h1>
      <Preview air={air} className="phone-picture" />
      <Hud air={air} />
      <div className="phone-bottom">
        <div className="phone-chat">
          <ChatOverlay room={desk.room} />
          <IconButton kind="stage" icon={MessageSquareText} label={words('studio.open_chat')} onPress={() => show('chat')} />
        </div>
        <ProblemNote problem={desk.acts.problem} />
        {desk.hand ? <FarFacts lot={desk.hand} staff={desk.rights.staff} /> : null}
        <LotPanel air={air} />
        <NowNext air={air} />
        <Actions air={air} />
      </div>
      <Sheet open={panel === 'chat'} onClose={() => show(null)} title={words('studio.chat')} height="tall">
        <DeskChat desk={desk} />
      </Sheet>
      <Sheet open={panel === 'plan'} onClose={() => show(null)} title={words('studio.tab_plan')} height="tall">
        <PlanEditor desk={desk} plan={air.plan} />
      </Sheet>
      <MoreSheet air={air} />
    </main>
  )
}
