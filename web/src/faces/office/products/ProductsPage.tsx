import { publishProduct, shopProducts } from '@efir/contract/catalog.ts'
import { decimalsOf } from '@efir/contract/money.ts'
import { textIn } from '@efir/contract/scalars.ts'
import { majorText } from '@efir/words/formats.ts'
import { Box, Download, Plus } from 'lucide-react'
import { useRef, useState } from 'react'
import { call, type Problem } from '../../../net/api.ts'
import { refresh, usePages } from '../../../net/query.ts'
import { Shot } from '../../../parts/catalog/Shot.tsx'
import { ProblemState } from '../../../parts/face/problem.tsx'
import { Button } from '../../../ui/Button.tsx'
import { useKeys } from '../../../ui/keys.ts'
import { KeyHints } from '../../../ui/Marks.tsx'
import { LoadMore } from '../../../ui/Paging.tsx'
import { go, setQuery, usePlace } from '../../../ui/router.tsx'
import { BulkBar, PageHeader } from '../../../ui/Shell.tsx'
import { EmptyState } from '../../../ui/State.tsx'
import { type Column, Table } from '../../../ui/Table.tsx'
import { Tabs } from '../../../ui/Tabs.tsx'
import { SearchInput } from '../../../ui/TextInput.tsx'
import { useFormats, useLanguage, useWords } from '../../../ui/words.tsx'
import { useExport } from '../export.ts'
import { manages, useShop } from '../frame/shop.ts'
import { useQueryText } from '../frame/use-query-text.ts'
import { Failures } from '../orders/Failures.tsx'
import type { Failure } from '../orders/use-parcels.ts'
import { NewProduct } from './NewProduct.tsx'
import { ProductMark, type ProductRow } from './product.tsx'

const states = ['published', 'draft', 'archived'] as const

export function ProductsPage() {
  const words = useWords('office')
  const { query } = usePlace()
  const { locale } = useLanguage()
  const shop = useShop()
  const mine = manages(shop)
  const [text, setText, search] = useQueryText('q')
  const state = states.find((one) => one === query.get('state'))
  const input = { shopId: shop.id, ...(state ? { state } : {}), ...(search ? { words: search } : {}), limit: 100 }
  const list = usePages(shopProducts, input)
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [failures, setFailures] = useState<readonly Failure[]>([])
  const [busy, setBusy] = useState(false)
  const searchField = useRef<HTMLInputElement>(null)
  const creating = query.get('new') === '1'
  const exporting = useProductExport(input)
  const chosen = (list.value ?? []).filter((row) => selected.has(row.id))
  const publish = async (to: ProductRow['state']) => {
    setBusy(true)
    const wrong: Failure[] = []
    for (const row of chosen) {
      const answer = await call(publishProduct, { productId: row.id, state: to })
      if (!answer.ok) wrong.push({ label: textIn(row.title, locale), problem: answer as Problem })
    }
    await refresh(shopProducts)
    setFailures(wrong)
    setBusy(false)
    if (wrong.length === 0) setSelected(new Set())
  }
  const toState = (next: string | null) => setQuery({ state: next })
  useKeys({
    '/': () => searchField.current?.focus(),
    f: () => searchField.current?.focus(),
    e: exporting.run,
    1: () => toState(null),
    ...Object.fromEntries(states.map((one, index) => [String(index + 2), () => toState(one)])),
    ...(mine ? { n: () => setQuery({ new: '1' }) } : {}),
  })
  return (
    <div className="office-page">
      <PageHeader
        title={words('office.products')}
        actions={
          <>
            <Button kind="ghost" size="s" icon={Download} keyHint="E" busy={exporting.busy} onPress={exporting.run}>
              {words('common.export')}
            </Button>
            {mine ? (
              <Button size="s" kind="ink" icon={Plus} keyHint="N" onPress={() => setQuery({ new: '1' })}>
                {words('office.new_product')}
              </Button>
            ) : null}
          </>
        }
      />
      <Tabs
        label={words('office.views')}
        at={state ?? 'all'}
        tabs={[
          { id: 'all', label: words('common.all'), to: '/office/products' },
          ...states.map((one) => ({ id: one, label: words(`office.products_${one}`), to: `/office/products?state=${one}` })),
        ]}
      />
      <div className="office-filters">
        <SearchInput ref={searchField} size="s" label={words('office.search_products')} value={text} onChange={setText} />
        <span className="office-filters-end">
          {list.value ? words('office.n_products', { n: list.value.length }) + (list.more ? '+' : '') : ''}
        </span>
      </div>
      <Failures failures={failures} onForget={() => setFailures([])} />
      <div className="office-rows">
        {list.state === 'failed' ? (
          <ProblemState problem={list.problem} again={list.again} />
        ) : (
          <ProductTable
            rows={list.value}
            selected={selected}
            onSelect={mine ? setSelected : undefined}
            searched={search !== ''}
          />
        )}
        <LoadMore more={list.more} busy={list.moreBusy} onMore={list.loadMore} />
      </div>
      <BulkBar count={chosen.length} onClear={() => setSelected(new Set())}>
        <Button size="s" busy={busy} onPress={() => void publish('archived')}>
          {words('office.archive')}
        </Button>
        <Button size="s" busy={busy} onPress={() => void publish('draft')}>
          {words('office.hide')}
        </Button>
        <Button size="s" kind="ink" busy={busy} onPress={() => void publish('published')}>
          {words('office.publish')}
        </Button>
      </BulkBar>
      <KeyHints
        hints={[
          [['J', 'K'], words('common.key_move')],
          [['X'], words('common.key_select')],
          [['↵'], words('common.key_open')],
          [['N'], words('office.key_new')],
          [['/'], words('office.key_search')],
        ]}
      />
      <NewProduct open={creating} onClose={() => setQuery({ new: null })} />
    </div>
  )
}

interface ProductTableProps {
  readonly rows: readonly ProductRow[] | undefined
  readonly selected: ReadonlySet<string>
  readonly onSelect: ((selected: ReadonlySet<string>) => void) | undefined
  readonly searched: boolean
}

function ProductTable({ rows, selected, onSelect, searched }: ProductTableProps) {
  const words = useWords('office', 'store')
  const categoryText = (category: string) =>
    words.has(`store.category_${category}`) ? words(`store.category_${category}` as 'store.category_tent') : category
  const formats = useFormats()
  const { locale } = useLanguage()
  const columns: readonly Column<ProductRow>[] = [
    {
      id: 'title',
      head: words('office.product'),
      width: '34%',
      cell: (row) => (
        <span className="product-cell">
          <Shot base={row.picture?.base} tint={row.picture?.tint} alt="" sizes="28px" />
          <bdi className="ellipsis">{textIn(row.title, locale)}</bdi>
        </span>
      ),
      narrow: 'title',
    },
    { id: 'brand', head: words('office.brand'), cell: (row) => <bdi>{row.brand || '–'}</bdi>, tone: 'muted' },
    {
      id: 'category',
      head: words('office.category'),
      cell: (row) => <bdi>{categoryText(row.category) || '–'}</bdi>,
      tone: 'muted',
    },
    {
      id: 'state',
      head: words('office.state'),
      cell: (row) => <ProductMark state={row.state} />,
      width: '136px',
      narrow: 'state',
    },
    {
      id: 'rating',
      head: words('office.rating'),
      cell: (row) => (row.rating ? formats.number(row.rating.average) : '–'),
      align: 'end',
      tone: 'muted',
      width: '84px',
    },
    {
      id: 'variants',
      head: words('office.variants'),
      cell: (row) => formats.number(row.variants),
      align: 'end',
      tone: 'muted',
      width: '96px',
      narrow: 'meta',
    },
    {
      id: 'price',
      head: words('office.price'),
      cell: (row) => (row.price ? formats.price(row.price) : '–'),
      align: 'end',
      tone: 'strong',
      width: '120px',
      narrow: 'number',
    },
  ]
  return (
    <Table
      label={words('office.products')}
      columns={columns}
      rows={rows}
      idOf={(row) => row.id}
      selected={selected}
      onSelect={onSelect}
      onOpen={(row) => go(`/office/products/${row.id}`)}
      empty={
        <EmptyState
          icon={Box}
          title={words(searched ? 'office.no_products_found' : 'office.no_products')}
          text={words('office.no_products_text')}
          action={
            onSelect ? (
              <Button kind="ink" onPress={() => setQuery({ new: '1' })}>
                {words('office.new_product')}
              </Button>
            ) : undefined
          }
        />
      }
    />
  )
}

function useProductExport(input: Parameters<typeof useExport<typeof shopProducts>>[1]) {
  const words = useWords('office')
  const { locale } = useLanguage()
  return useExport(shopProducts, input, 'products', [
    { head: words('office.product'), text: (row) => textIn(row.title, locale) },
    { head: words('office.brand'), text: (row) => row.brand },
    { head: words('office.category'), text: (row) => row.category },
    { head: words('office.state'), text: (row) => words(`office.product_${row.state}`) },
    { head: words('office.variants'), text: (row) => row.variants },
    {
      head: words('office.price'),
      text: (row) => (row.price ? majorText(row.price.amount, decimalsOf(row.price.currency)) : ''),
    },
    { head: words('office.currency'), text: (row) => row.price?.currency },
  ])
}
