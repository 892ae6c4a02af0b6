import { saveShopPayAccount, shopPayAccounts } from '@efir/contract/payments.ts'
import { useAct, useView } from '../../../net/query.ts'
import { ProblemState } from '../../../parts/face/problem.tsx'
import { Skeleton } from '../../../ui/State.tsx'
import { useWords } from '../../../ui/words.tsx'
import { useShop } from '../frame/shop.ts'
import { PayAccounts } from './PayAccounts.tsx'

const changed = [shopPayAccounts] as const

export function ShopPayAccounts() {
  const words = useWords('office')
  const shop = useShop()
  const view = useView(shopPayAccounts, { shopId: shop.id })
  const saving = useAct(saveShopPayAccount, { changes: changed })
  if (view.state === 'loading') return <Skeleton height="240px" />
  if (view.state === 'failed') return <ProblemState problem={view.problem} again={view.again} />
  return (
    <PayAccounts
      title={words('office.settings_payments')}
      text={words('office.pay_shop_text')}
      accounts={view.value.accounts}
      busy={saving.busy}
      problem={saving.problem}
      onSave={async (draft) => (await saving.run({ shopId: shop.id, ...draft })).ok}
    />
  )
}
