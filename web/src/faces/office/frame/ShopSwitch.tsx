import { Check, ChevronsUpDown, Plus } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../../ui/Button.tsx'
import { Avatar } from '../../../ui/Marks.tsx'
import { go } from '../../../ui/router.tsx'
import { Sheet } from '../../../ui/Sheet.tsx'
import { useWords } from '../../../ui/words.tsx'
import { ShopForm } from './OpenShop.tsx'
import { chooseShop, type OfficeShop } from './shop.ts'

interface ShopSwitchProps {
  readonly shops: readonly OfficeShop[]
  readonly chosen: OfficeShop | null
}

/** Whose office this is; another one, or a new one. */
export function ShopSwitch({ shops, chosen }: ShopSwitchProps) {
  const words = useWords('office')
  const [open, setOpen] = useState<'list' | 'new' | null>(null)
  const roleText = (shop: OfficeShop) => words(`office.role_${shop.roles[0] ?? 'fulfilment'}`)
  const enter = (id?: string) => {
    if (id) chooseShop(id)
    setOpen(null)
    go('/office/today')
  }
  return (
    <>
      <button type="button" className="office-org" aria-haspopup="dialog" onClick={() => setOpen('list')}>
        <Avatar name={chosen?.name ?? '+'} size={24} square />
        <span className="office-org-text">
          <b className="ellipsis">
            <bdi>{chosen?.name ?? words('office.no_shop')}</bdi>
          </b>
          {chosen ? <small className="muted">{roleText(chosen)}</small> : null}
        </span>
        <ChevronsUpDown size={14} aria-hidden />
      </button>
      <Sheet
        open={open !== null}
        onClose={() => setOpen(null)}
        title={words(open === 'new' ? 'office.open_shop' : 'office.shop_menu')}
        wide="middle"
        height="content"
      >
        {open === 'new' ? (
          <ShopForm onDone={() => enter()} />
        ) : (
          <div className="office-form">
            <ul>
              {shops.map((shop) => (
                <li key={shop.id}>
                  <button
                    type="button"
                    className="office-shop"
                    aria-current={shop.id === chosen?.id ? 'true' : undefined}
                    onClick={() => enter(shop.id)}
                  >
                    <Avatar name={shop.name} size={36} square />
                    <span className="office-org-text">
                      <b className="ellipsis">
                        <bdi>{shop.name}</bdi>
                      </b>
                      <small className="muted">{roleText(shop)}</small>
                    </span>
                    {shop.id === chosen?.id ? <Check size={18} aria-hidden /> : null}
                  </button>
                </li>
              ))}
            </ul>
            <Button icon={Plus} onPress={() => setOpen('new')}>
              {words('office.open_shop')}
            </Button>
          </div>
        )}
      </Sheet>
    </>
  )
}
