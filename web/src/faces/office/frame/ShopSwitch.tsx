import { ChevronsUpDown, Plus } from 'lucide-react'
import { useState } from 'react'
import { Avatar } from '../../../ui/Marks.tsx'
import { Menu } from '../../../ui/Menu.tsx'
import { go } from '../../../ui/router.tsx'
import { Sheet } from '../../../ui/Sheet.tsx'
import { useWords } from '../../../ui/words.tsx'
import { ShopForm } from './OpenShop.tsx'
import { chooseShop, type OfficeShop } from './shop.ts'

export function ShopSwitch({ shops, chosen }: { readonly shops: readonly OfficeShop[]; readonly chosen: OfficeShop | null }) {
  const words = useWords('office')
  const [opening, setOpening] = useState(false)
  const roleText = (shop: OfficeShop) => words(`office.role_${shop.roles[0] ?? 'fulfilment'}`)
  return (
    <>
      <Menu
        label={words('office.shop_menu')}
        kind="outline"
        className="office-org"
        entries={[
          ...shops.map((shop) => ({
            id: shop.id,
            text: shop.name,
            label: <bdi>{shop.name}</bdi>,
            note: roleText(shop),
            onPress: () => {
              chooseShop(shop.id)
              go('/office/today')
            },
          })),
          ...(shops.length > 0 ? (['line'] as const) : []),
          { id: 'new', label: words('office.open_shop'), icon: Plus, onPress: () => setOpening(true) },
        ]}
      >
        <span className="office-org-row">
          <Avatar name={chosen?.name ?? '+'} size={24} square />
          <span className="office-org-text">
            <b className="ellipsis">
              <bdi>{chosen?.name ?? words('office.no_shop')}</bdi>
            </b>
            {chosen ? <small className="muted">{roleText(chosen)}</small> : null}
          </span>
          <ChevronsUpDown size={14} aria-hidden />
        </span>
      </Menu>
      <Sheet open={opening} onClose={() => setOpening(false)} title={words('office.open_shop')} wide="middle">
        <ShopForm
          onDone={() => {
            setOpening(false)
            go('/office/today')
          }}
        />
      </Sheet>
    </>
  )
}
