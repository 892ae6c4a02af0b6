import { useState } from 'react'
import { Switch } from '../../../ui/Choice.tsx'
import { keysOn, switchKeys } from '../../../ui/keys.ts'
import { Sheet } from '../../../ui/Sheet.tsx'
import { useWords } from '../../../ui/words.tsx'
import './KeysDialog.css'

export function KeysDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const words = useWords('studio')
  const [on, setOn] = useState(keysOn)
  const keys = [
    ['P', words('studio.key_pin')],
    ['O', words('studio.open_lot')],
    ['C', words('studio.close_lot')],
    ['N', words('studio.next_lot')],
    ['Q', words('studio.quick_lot')],
    ['S', words('studio.key_slate')],
    ['M', words('studio.key_mic')],
    ['/', words('studio.key_chat')],
    ['?', words('common.keys')],
  ] as const
  return (
    <Sheet open={open} onClose={onClose} title={words('common.keys')} wide="middle" height="content">
      <dl className="keys">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <Switch
        label={words('studio.keys_on')}
        checked={on}
        onChange={(next) => {
          switchKeys(next)
          setOn(next)
        }}
      />
    </Sheet>
  )
}
