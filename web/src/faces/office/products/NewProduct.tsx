import { createProduct, shopProducts } from '@efir/contract/catalog.ts'
import { money } from '@efir/contract/money.ts'
import { useState } from 'react'
import { useAct } from '../../../net/query.ts'
import { ProblemNote } from '../../../parts/face/problem.tsx'
import { Button } from '../../../ui/Button.tsx'
import { MoneyInput } from '../../../ui/NumberInput.tsx'
import { go } from '../../../ui/router.tsx'
import { Sheet } from '../../../ui/Sheet.tsx'
import { TextInput } from '../../../ui/TextInput.tsx'
import { useLanguage, useWords } from '../../../ui/words.tsx'
import { useShop } from '../frame/shop.ts'

const changed = [shopProducts] as const

/** The least there is to a product; the rest is written in its editor. */
export function NewProduct({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const words = useWords('office')
  return (
    <Sheet open={open} onClose={onClose} title={words('office.new_product')} height="content">
      {open ? <NewProductForm /> : null}
    </Sheet>
  )
}

function NewProductForm() {
  const words = useWords('office', 'refusals')
  const { locale } = useLanguage()
  const shop = useShop()
  const [title, setTitle] = useState('')
  const [sku, setSku] = useState('')
  const [amount, setAmount] = useState<number | null>(null)
  const creating = useAct(createProduct, { changes: changed })
  const submit = async () => {
    const prices = amount === null ? [] : [money(amount, shop.currency)]
    const answer = await creating.run({
      shopId: shop.id,
      title: { [locale]: title.trim() },
      variants: [{ sku: sku.trim(), prices }],
    })
    if (answer.ok) go(`/office/products/${answer.value.id}`)
  }
  return (
    <form
      className="office-form"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <TextInput label={words('office.product_title')} value={title} onChange={setTitle} maxLength={200} dir="auto" autoFocus />
      <TextInput
        label={words('office.sku')}
        hint={words('office.sku_hint')}
        value={sku}
        onChange={setSku}
        maxLength={60}
        dir="ltr"
        autoComplete="off"
      />
      <MoneyInput label={words('office.price')} optional amount={amount} currency={shop.currency} onChange={setAmount} />
      <ProblemNote problem={creating.problem} />
      <Button kind="ink" type="submit" busy={creating.busy} disabled={title.trim() === '' || sku.trim() === ''}>
        {words('office.create_product')}
      </Button>
    </form>
  )
}
