import { Sheet } from '../../../ui/Sheet.tsx'
import { useWords } from '../../../ui/words.tsx'

export function KeysDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const words = useWords('office')
  const groups: readonly (readonly [string, readonly (readonly [string, string])[]])[] = [
    [
      words('office.keys_everywhere'),
      [
        ['/', words('office.key_search')],
        ['G T', words('office.today')],
        ['G S', words('office.shows')],
        ['G O', words('office.orders')],
        ['G P', words('office.products')],
        ['G K', words('office.stock')],
        ['G E', words('office.people')],
        ['G Y', words('office.payouts')],
        ['G ,', words('common.settings')],
        ['?', words('office.key_help')],
        ['Esc', words('office.key_back')],
      ],
    ],
    [
      words('office.keys_table'),
      [
        ['J K', words('common.key_move')],
        ['X', words('common.key_select')],
        ['Shift J K', words('office.key_range')],
        ['Enter', words('common.key_open')],
        ['E', words('common.export')],
        ['N', words('office.key_new')],
        ['1–7', words('office.key_views')],
      ],
    ],
    [
      words('office.orders'),
      [
        ['P', words('office.key_packed')],
        ['C', words('office.key_ship')],
        ['D', words('office.key_delivered')],
        ['R', words('office.key_refund')],
        ['L', words('office.key_print')],
      ],
    ],
  ]
  return (
    <Sheet open={open} onClose={onClose} title={words('common.keys')} wide="middle">
      <div className="keys-list">
        {groups.map(([name, keys]) => (
          <section key={name}>
            <h3>{name}</h3>
            <dl>
              {keys.map(([key, text]) => (
                <div key={key}>
                  <dt>
                    {key.split(' ').map((one) => (
                      <kbd key={one} className="key-hint">
                        {one}
                      </kbd>
                    ))}
                  </dt>
                  <dd>{text}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Sheet>
  )
}
