import type { Out } from '@efir/contract/act.ts'
import { banPerson, chatLog, deleteMessage, mutePerson, roomSettings } from '@efir/contract/room.ts'
import { timecode } from '@efir/words/formats.ts'
import { Download, Ellipsis } from 'lucide-react'
import { useRef } from 'react'
import { useAct, usePages } from '../../../net/query.ts'
import { ProblemNote, ProblemState } from '../../../parts/face/problem.tsx'
import { Button } from '../../../ui/Button.tsx'
import { cx } from '../../../ui/cx.ts'
import { useKeys } from '../../../ui/keys.ts'
import { Tag } from '../../../ui/Marks.tsx'
import { LoadMore } from '../../../ui/Paging.tsx'
import { EmptyState, Skeleton } from '../../../ui/State.tsx'
import { SearchInput } from '../../../ui/TextInput.tsx'
import { useFormats, useWords } from '../../../ui/words.tsx'
import { useExport } from '../export.ts'
import { LazyMenu } from '../frame/LazyMenu.tsx'
import { useQueryText } from '../frame/use-query-text.ts'

type Line = Out<typeof chatLog>['items'][number]
const changed = [chatLog, roomSettings] as const
const hourMs = 3_600_000

/** Everything that was said, deleted lines too. */
export function ChatTab({ showId, startedAt }: { readonly showId: string; readonly startedAt: number | undefined }) {
  const words = useWords('office', 'refusals')
  const [text, setText, find] = useQueryText('q')
  const input = { showId, ...(find.trim() ? { find: find.trim() } : {}), limit: 100 }
  const list = usePages(chatLog, input)
  const searchField = useRef<HTMLInputElement>(null)
  const exporting = useExport(chatLog, input, 'chat', [
    { head: words('office.when'), text: (row) => new Date(row.at).toISOString() },
    { head: words('office.person'), text: (row) => row.name },
    { head: words('office.message'), text: (row) => row.text },
    { head: words('office.deleted'), text: (row) => (row.deletedAt ? new Date(row.deletedAt).toISOString() : '') },
  ])
  useKeys({ '/': () => searchField.current?.focus(), e: exporting.run })
  return (
    <>
      <div className="office-filters">
        <SearchInput ref={searchField} size="s" label={words('office.search_chat')} value={text} onChange={setText} />
        <span className="office-filters-end">
          <Button size="s" kind="ghost" icon={Download} keyHint="E" busy={exporting.busy} onPress={exporting.run}>
            {words('common.export')}
          </Button>
        </span>
      </div>
      <div className="office-rows">
        {list.state === 'failed' ? <ProblemState problem={list.problem} again={list.again} /> : null}
        {list.state === 'loading' ? (
          <div className="office-body">
            <Skeleton height="320px" />
          </div>
        ) : null}
        {list.value?.length === 0 ? <EmptyState title={words('office.no_chat')} /> : null}
        <ol className="chat-log">
          {(list.value ?? []).map((line) => (
            <ChatRow key={line.id} line={line} showId={showId} startedAt={startedAt} />
          ))}
        </ol>
        <LoadMore more={list.more} busy={list.moreBusy} onMore={list.loadMore} />
      </div>
    </>
  )
}

function ChatRow({
  line,
  showId,
  startedAt,
}: {
  readonly line: Line
  readonly showId: string
  readonly startedAt: number | undefined
}) {
  const words = useWords('office', 'refusals')
  const formats = useFormats()
  const deleting = useAct(deleteMessage, { changes: changed })
  const muting = useAct(mutePerson, { changes: changed })
  const banning = useAct(banPerson, { changes: changed })
  const personId = line.person
  return (
    <li className={cx('chat-row', line.deletedAt !== undefined && 'chat-row-deleted')}>
      <time className="muted" title={formats.date(line.at, 'dateTime')}>
        {startedAt !== undefined && line.at >= startedAt ? timecode(line.at - startedAt) : formats.date(line.at, 'time')}
      </time>
      <p>
        <b>
          <bdi>{line.name}</bdi>
        </b>{' '}
        <span>
          <bdi>{line.text}</bdi>
        </span>{' '}
        {line.deletedAt !== undefined ? <Tag outline>{words('office.deleted')}</Tag> : null}
        <ProblemNote problem={deleting.problem ?? muting.problem ?? banning.problem} />
      </p>
      <LazyMenu
        label={words('office.about_message', { name: line.name })}
        icon={Ellipsis}
        iconOnly
        size="s"
        entries={[
          ...(line.deletedAt === undefined
            ? [{ id: 'delete', label: words('common.delete'), onPress: () => void deleting.run({ showId, messageId: line.id }) }]
            : []),
          { id: 'mute', label: words('office.mute_hour'), onPress: () => void muting.run({ showId, personId, forMs: hourMs }) },
          {
            id: 'ban',
            label: words('office.ban'),
            danger: true,
            onPress: () => void banning.run({ showId, personId, banned: true }),
          },
        ]}
      />
    </li>
  )
}
