import { ArrowRight, Bell, Check, Heart, Package, Plus, RefreshCw, ShoppingBag, X } from 'lucide-react'
import { Banner } from '../Banner.tsx'
import { Button, IconButton } from '../Button.tsx'
import { now } from '../clock.ts'
import { Avatar, LiveBadge, Mark, Stat, StateDot, Stats, Tag } from '../Marks.tsx'
import { Countdown, CountdownRing, Price, Rating, StockBar } from '../Sale.tsx'
import { EmptyState, ErrorState, Skeleton } from '../State.tsx'
import { useWords } from '../words.tsx'

const eur = (amount: number) => ({ amount, currency: 'EUR' })

export function Controls() {
  const words = useWords('refusals')
  const at = now()
  return (
    <main className="gallery">
      <div className="gallery-row">
        <Mark />
        <h1>{words('common.brand')}</h1>
        <LiveBadge viewers={3482} />
        <Tag>{words('common.demo')}</Tag>
        <Tag tone="ok">{words('common.saved')}</Tag>
        <Tag tone="warn">{words('common.player_stalled')}</Tag>
        <Tag tone="danger">{words('common.offline')}</Tag>
        <Tag tone="live">{words('common.live')}</Tag>
        <Tag outline>v3</Tag>
      </div>
      <div className="gallery-row">
        <Button kind="signal">{words('common.confirm')}</Button>
        <Button kind="ink" icon={Plus}>
          {words('common.add')}
        </Button>
        <Button icon={Bell}>{words('common.share')}</Button>
        <Button kind="soft" icon={Check}>
          {words('common.saved')}
        </Button>
        <Button kind="ghost" iconEnd={ArrowRight}>
          {words('common.all')}
        </Button>
        <Button kind="danger">{words('common.delete')}</Button>
        <Button disabled>{words('common.save')}</Button>
        <Button kind="ink" busy>
          {words('common.save')}
        </Button>
      </div>
      <div className="gallery-row">
        <Button size="s" keyHint="E">
          {words('common.export')}
        </Button>
        <Button size="s" kind="ink" keyHint="P">
          {words('common.save')}
        </Button>
        <Button size="s" kind="ghost" icon={RefreshCw}>
          {words('common.try_again')}
        </Button>
        <IconButton icon={X} label={words('common.close')} />
        <IconButton icon={ShoppingBag} label={words('common.open')} kind="outline" count={12} />
        <IconButton icon={Heart} label={words('common.add')} kind="soft" pressed />
        <StateDot state="waiting">{words('common.loading')}</StateDot>
        <StateDot state="half">{words('common.more')}</StateDot>
        <StateDot state="todo">{words('common.open')}</StateDot>
        <StateDot state="done">{words('common.done')}</StateDot>
        <StateDot state="wrong">{words('common.problem_title')}</StateDot>
        <Avatar name="Mira Sandel" />
        <Avatar name="Orvik Store" square size={32} />
        <Avatar name="سلمى حداد" />
      </div>
      <div className="gallery-grid">
        <div className="gallery-card">
          <div className="gallery-row">
            <div>
              <b>Orvik Pulse 3</b>
              <Rating value={4.7} count="212" />
            </div>
            <CountdownRing endsAt={at + 47_000} totalMs={60_000} />
            <CountdownRing endsAt={at + 12_000} totalMs={30_000} tone="ink" />
            <CountdownRing endsAt={at + 4_834_000} totalMs={6_000_000} tone="ink" />
          </div>
          <Price price={eur(14900)} before={eur(18900)} basis="30 d" size="l" />
          <StockBar left={41} total={300} />
          <StockBar left={9} total={300} paying={22} />
          <Button kind="signal" size="l" wide>
            <Countdown endsAt={at + 299_000} />
          </Button>
          <Button kind="soft" size="l" wide icon={Package}>
            7-40213
          </Button>
        </div>
        <div className="gallery-card">
          <Price price={{ amount: 1499000, currency: 'RUB' }} before={{ amount: 1899000, currency: 'RUB' }} size="xl" />
          <Price price={{ amount: 1999, currency: 'USD' }} size="m" />
          <Price price={{ amount: 12000, currency: 'JPY' }} size="s" quiet />
          <Skeleton width="60%" height="24px" />
          <Skeleton />
          <Skeleton width="80%" />
          <div className="gallery-stage">
            <LiveBadge viewers={1207} />
            <IconButton kind="stage" icon={Heart} label={words('common.add')} />
            <IconButton kind="stage" icon={ShoppingBag} label={words('common.open')} count={3} />
          </div>
        </div>
        <div className="gallery-card">
          <Banner>{words('common.not_found_text')}</Banner>
          <Banner tone="ok" title={words('common.saved')} />
          <Banner tone="warn" title={words('common.offline')}>
            {words('common.offline_text')}
          </Banner>
          <Banner tone="danger">{words('refusals.payment_declined')}</Banner>
        </div>
        <div className="gallery-card">
          <EmptyState
            icon={ShoppingBag}
            title={words('common.empty')}
            text={words('refusals.cart_empty')}
            action={<Button kind="ink">{words('common.go_home')}</Button>}
          />
        </div>
        <div className="gallery-card">
          <ErrorState text={words('common.problem_network')} again={() => undefined} requestId="req_01hzx8k2" />
        </div>
        <div className="gallery-card">
          <Stats>
            <Stat label={words('common.total')} value="18,402" note="3,214" />
            <Stat label={words('common.today')} value="541" to="#" />
          </Stats>
        </div>
      </div>
    </main>
  )
}
