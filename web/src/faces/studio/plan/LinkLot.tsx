import { createLinkLot, lotBoard } from '@efir/contract/lots.ts'
import { rundown } from '@efir/contract/shows.ts'
import { useState } from 'react'
import { useAct } from '../../../net/query.ts'
import { ProblemNote } from '../../../parts/face/problem.tsx'
import type { Desk } from '../../../parts/studio/use-desk.ts'
import { Button } from '../../../ui/Button.tsx'
import { MoneyInput } from '../../../ui/NumberInput.tsx'
import { Sheet } from '../../../ui/Sheet.tsx'
import { TextInput } from '../../../ui/TextInput.tsx'
import { useLanguage, useWords } from '../../../ui/words.tsx'
import { PhotoField, usePhoto } from './Photo.tsx'

const changed = [lotBoard, rundown] as const

interface LinkLotProps {
  readonly desk: Desk
  readonly open: boolean
  readonly onClose: () => void
}

/** A lot that another seller sells: the card leads there through a link that is counted. */
export function LinkLot({ desk, open, onClose }: LinkLotProps) {
  const words = useWords('studio')
  return (
    <Sheet open={open} onClose={onClose} title={words('studio.link_lot')} wide="middle" height="content">
      {open ? <LinkForm desk={desk} onClose={onClose} /> : null}
    </Sheet>
  )
}

const hostOf = (address: string): string => (URL.canParse(address) ? new URL(address).hostname.replace(/^www\./, '') : '')

function LinkForm({ desk, onClose }: Omit<LinkLotProps, 'open'>) {
  const words = useWords('studio')
  const { locale } = useLanguage()
  const [title, setTitle] = useState('')
  const [address, setAddress] = useState('')
  const [seller, setSeller] = useState<string | null>(null)
  const [amount, setAmount] = useState<number | null>(null)
  const photo = usePhoto(desk.showId, false)
  const making = useAct(createLinkLot, { changes: changed })
  const currency = desk.show?.currency ?? 'EUR'
  const url = address.trim()
  const secure = url.startsWith('https://') && URL.canParse(url)
  // Whose it is stands in the address, until it is said otherwise.
  const named = (seller ?? hostOf(url)).trim()
  const fits = title.trim() !== '' && amount !== null && secure && named !== ''
  const make = async () => {
    if (!fits || amount === null) return
    const picture = await photo.uploaded()
    if (picture && !picture.ok) return
    const answer = await making.run({
      showId: desk.showId,
      title: { [locale]: title.trim() },
      price: { amount, currency },
      url,
      seller: named,
      ...(picture?.ok ? { pictureId: picture.picture.id } : {}),
    })
    if (answer.ok) onClose()
  }
  return (
    <form
      className="plan-form"
      onSubmit={(event) => {
        event.preventDefault()
        void make()
      }}
    >
      <p className="muted">{words('studio.link_text')}</p>
      <div className="quick-top">
        <PhotoField photo={photo} />
        <div className="quick-fields">
          <TextInput label={words('studio.item_title')} value={title} onChange={setTitle} maxLength={120} dir="auto" />
          <MoneyInput label={words('studio.live_price')} amount={amount} currency={currency} onChange={setAmount} />
        </div>
      </div>
      <TextInput
        label={words('studio.link_url')}
        hint={words('studio.link_url_hint')}
        type="url"
        name="url"
        value={address}
        onChange={setAddress}
        maxLength={2000}
      />
      <TextInput
        label={words('studio.link_seller')}
        name="seller"
        value={seller ?? hostOf(url)}
        onChange={setSeller}
        maxLength={80}
        dir="auto"
      />
      <ProblemNote problem={photo.problem ?? making.problem} />
      <Button kind="ink" size="l" wide type="submit" disabled={!fits} busy={making.busy}>
        {words('studio.add_lot')}
      </Button>
    </form>
  )
}
