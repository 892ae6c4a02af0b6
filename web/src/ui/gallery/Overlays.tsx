import { Ellipsis, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../Button.tsx'
import { RadioGroup } from '../Choice.tsx'
import { now } from '../clock.ts'
import { Dialog } from '../Dialog.tsx'
import { Menu } from '../Menu.tsx'
import { Stepper } from '../NumberInput.tsx'
import { CountdownRing, Price } from '../Sale.tsx'
import { Sheet } from '../Sheet.tsx'
import { useFormats, useWords } from '../words.tsx'

export function Overlays() {
  const words = useWords('refusals')
  const formats = useFormats()
  const start = new URLSearchParams(location.search).get('open')
  const [open, setOpen] = useState<string | null>(start)
  const [choice, setChoice] = useState('a')
  const [count, setCount] = useState<number | null>(1)
  const close = () => setOpen(null)
  return (
    <main className="gallery">
      <div className="gallery-row">
        <Button onPress={() => setOpen('sheet')}>Sheet</Button>
        <Button onPress={() => setOpen('middle')}>Middle</Button>
        <Button onPress={() => setOpen('dialog')}>Dialog</Button>
        <Menu
          label={words('common.menu')}
          entries={[
            { id: 'edit', label: words('common.edit'), icon: Pencil, keyHint: 'E' },
            { id: 'copy', label: words('common.copy_link'), note: 'efir.example/…' },
            'line',
            { id: 'delete', label: words('common.delete'), icon: Trash2, danger: true },
          ]}
          kind="soft"
          icon={Ellipsis}
        >
          {words('common.more')}
        </Menu>
      </div>
      <Sheet
        open={open === 'sheet' || open === 'middle'}
        onClose={close}
        wide={open === 'middle' ? 'middle' : 'end'}
        height="video"
        title="Orvik Pulse 3"
        head={
          <div className="gallery-row">
            <div style={{ flex: 1 }}>
              <h3>Orvik Pulse 3</h3>
              <Price size="s" price={{ amount: 14900, currency: 'EUR' }} before={{ amount: 18900, currency: 'EUR' }} />
            </div>
            <CountdownRing endsAt={now() + 291_000} totalMs={300_000} />
          </div>
        }
        footer={
          <div style={{ display: 'grid', gap: 12 }}>
            <div className="gallery-row" style={{ justifyContent: 'space-between' }}>
              <b>{words('common.total')}</b>
              <Price price={{ amount: 14900, currency: 'EUR' }} />
            </div>
            <Button kind="signal" size="l" wide>
              {words('common.confirm')} {formats.price({ amount: 14900, currency: 'EUR' })}
            </Button>
          </div>
        }
      >
        <div style={{ display: 'grid', gap: 20 }}>
          <RadioGroup
            look="cards"
            label={words('common.details')}
            value={choice}
            onChange={setChoice}
            options={[
              { value: 'a', label: words('common.open'), note: formats.date(1763671296000), end: words('common.free') },
              { value: 'b', label: words('common.send'), note: formats.date(1763771296000), end: '€4.90' },
            ]}
          />
          <Stepper label={words('common.total')} value={count} onChange={setCount} max={2} />
          <p className="muted">{words('refusals.payment_unknown')}</p>
        </div>
      </Sheet>
      <Dialog
        open={open === 'dialog'}
        onClose={close}
        title={words('common.delete')}
        confirm={words('common.delete')}
        kind="danger"
        onConfirm={close}
      >
        <p>{words('refusals.last_owner')}</p>
      </Dialog>
    </main>
  )
}
