import type { Out } from '@efir/contract/act.ts'
import { listPeople, listShops } from '@efir/contract/identity.ts'
import { localeNames } from '@efir/words/areas.ts'
import { Download } from 'lucide-react'
import { useRef } from 'react'
import { usePages } from '../../../net/query.ts'
import { ProblemState } from '../../../parts/face/problem.tsx'
import { imageUrl } from '../../../parts/shows/cover.ts'
import { Button } from '../../../ui/Button.tsx'
import { useKeys } from '../../../ui/keys.ts'
import { Avatar, Tag } from '../../../ui/Marks.tsx'
import { LoadMore } from '../../../ui/Paging.tsx'
import { EmptyState } from '../../../ui/State.tsx'
import { type Column, Table } from '../../../ui/Table.tsx'
import { SearchInput } from '../../../ui/TextInput.tsx'
import { useFormats, useWords } from '../../../ui/words.tsx'
import { useExport } from '../export.ts'
import { useQueryText } from '../frame/use-query-text.ts'

type PersonRow = Out<typeof listPeople>['items'][number]
type ShopRow = Out<typeof listShops>['items'][number]

export function PlatformPeople() {
  const words = useWords('office')
  const formats = useFormats()
  const [text, setText, settled] = useQueryText('q')
  const input = settled.trim() ? { search: settled.trim() } : {}
  const list = usePages(listPeople, input)
  const searchField = useRef<HTMLInputElement>(null)
  const exporting = useExport(listPeople, input, 'people', [
    { head: words('office.person'), text: (row) => row.name },
    { head: words('office.email'), text: (row) => row.email },
    { head: words('common.language'), text: (row) => row.locale },
    { head: words('office.country'), text: (row) => row.country },
  ])
  useKeys({ '/': () => searchField.current?.focus(), e: exporting.run })
  const columns: readonly Column<PersonRow>[] = [
    {
      id: 'name',
      head: words('office.person'),
      cell: (row) => (
        <span className="product-cell">
          <Avatar name={row.name} src={imageUrl(row.picture, 160)} size={24} />
          <bdi className="ellipsis">{row.name}</bdi>
          {row.operator ? <Tag>{words('office.operator')}</Tag> : null}
          {row.demo ? <Tag outline>{words('common.demo')}</Tag> : null}
        </span>
      ),
      narrow: 'title',
    },
    { id: 'email', head: words('office.email'), cell: (row) => <bdi>{row.email ?? '–'}</bdi>, tone: 'muted', narrow: 'state' },
    {
      id: 'language',
      head: words('common.language'),
      cell: (row) => localeNames[row.locale],
      tone: 'muted',
      width: '130px',
      narrow: 'meta',
    },
    {
      id: 'country',
      head: words('office.country'),
      cell: (row) => (row.country ? formats.country(row.country) : '–'),
      tone: 'muted',
      width: '160px',
    },
  ]
  return (
    <>
      <div className="office-filters">
        <SearchInput ref={searchField} size="s" label={words('office.search_people')} value={text} onChange={setText} />
        <span className="office-filters-end">
          <Button size="s" kind="ghost" icon={Download} keyHint="E" busy={exporting.busy} onPress={exporting.run}>
            {words('common.export')}
          </Button>
        </span>
      </div>
      <div className="office-rows">
        {list.state === 'failed' ? (
          <ProblemState problem={list.problem} again={list.again} />
        ) : (
          <Table
            label={words('office.platform_people')}
            columns={columns}
            rows={list.value}
            idOf={(row) => row.id}
            empty={<EmptyState title={words('office.nobody_found')} />}
          />
        )}
        <LoadMore more={list.more} busy={list.moreBusy} onMore={list.loadMore} />
      </div>
    </>
  )
}

export function PlatformShops() {
  const words = useWords('office')
  const formats = useFormats()
  const list = usePages(listShops, {})
  const columns: readonly Column<ShopRow>[] = [
    {
      id: 'name',
      head: words('office.shop'),
      cell: (row) => (
        <span className="product-cell">
          <Avatar name={row.name} src={imageUrl(row.logo, 160)} size={24} square />
          <a className="row-link ellipsis" href={`/shop/${row.slug}`}>
            <bdi>{row.name}</bdi>
          </a>
          {row.demo ? <Tag outline>{words('common.demo')}</Tag> : null}
        </span>
      ),
      narrow: 'title',
    },
    { id: 'slug', head: words('office.shop_address'), cell: (row) => <bdi>{row.slug}</bdi>, tone: 'muted', narrow: 'state' },
    { id: 'country', head: words('office.country'), cell: (row) => formats.country(row.country), tone: 'muted', narrow: 'meta' },
    {
      id: 'currency',
      head: words('office.currency'),
      cell: (row) => row.currency,
      align: 'end',
      width: '110px',
      narrow: 'number',
    },
  ]
  return (
    <div className="office-rows">
      {list.state === 'failed' ? (
        <ProblemState problem={list.problem} again={list.again} />
      ) : (
        <Table
          label={words('office.platform_shops')}
          columns={columns}
          rows={list.value}
          idOf={(row) => row.id}
          empty={<EmptyState title={words('office.no_shops')} />}
        />
      )}
      <LoadMore more={list.more} busy={list.moreBusy} onMore={list.loadMore} />
    </div>
  )
}
