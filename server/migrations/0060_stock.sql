-- Every unit that can be sold. Each unit of a variant lies in exactly one allotment: the variant's shelf, or a quota
-- taken out of the shelf for one use. Rules: server/src/modules/stock/SPEC.md.
create schema stock;

create table stock.level (
  variant_id text collate "C" primary key references catalog.variant (id),
  shop_id text collate "C" not null references identity.shop (id),
  shelf_id text collate "C" not null,
  /* units owned and not sold */
  on_hand int not null default 0 check (on_hand >= 0),
  /* of these, units in allotments other than the shelf */
  allotted int not null default 0 check (allotted >= 0),
  changed_at timestamptz not null,
  check (allotted <= on_hand)
) with (fillfactor = 70);

create table stock.allotment (
  id text collate "C" primary key,
  shop_id text collate "C" not null references identity.shop (id),
  variant_id text collate "C" not null references catalog.variant (id),
  /* what it serves, in the words of the module that asked: shelf, lot, hold ... */
  use text not null,
  use_id text collate "C",
  /*
   * The allotment whose limit and display it shares; itself when it stands alone. Allotments of one group (the variants of a lot) begin
   * with the same ten letters, so that the rows of a buyer in all of them lie together.
   */
  limit_group text collate "C" not null,
  /* the show that displays it; only carried into events */
  topic text collate "C",
  /* quota = left + units of its live reservations, always */
  quota int not null check (quota >= 0),
  left_units int not null check (left_units >= 0),
  /* units one buyer may have; null is no limit */
  per_buyer int check (per_buyer > 0),
  opens_at timestamptz,
  closes_at timestamptz,
  open boolean not null default true,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  check (left_units <= quota),
  check (open or left_units = 0)
) with (fillfactor = 30);
create unique index allotment_shelf on stock.allotment (variant_id) where use = 'shelf';
create index allotment_of_variant on stock.allotment (variant_id);
create index allotment_of_group on stock.allotment (limit_group);
create index allotment_of_use on stock.allotment (use, use_id);

-- The hot table: no foreign keys (stock.reserve only writes allotments that it has locked, and the verifier looks again).
create table stock.reservation (
  /*
   * Made from allotment, person and idempotency key (rules.ts): the same intent always has the same id. `rsv_` + 10 letters of the
   * allotment + 8 of the person + 8 of the key, so that this one index also finds the rows of an allotment, and of a buyer in it.
   */
  id text collate "C" primary key,
  allotment_id text collate "C" not null,
  person_id text collate "C" not null,
  shop_id text collate "C" not null,
  quantity int not null check (quantity > 0),
  /* units that came back after they were paid: cancelled or returned */
  returned int not null default 0,
  state text collate "C" not null default 'held' check (state in ('held', 'committed', 'paid', 'released', 'expired')),
  /* the price shown at the tap: minor units of one unit */
  amount bigint not null,
  currency text collate "C" not null,
  /* whose terms these were: a deal, a price hold */
  source text collate "C" not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  changed_at timestamptz,
  check (returned between 0 and quantity)
) with (fillfactor = 85);
create index reservation_expiry on stock.reservation (expires_at) where state = 'held';

-- Further marks of a buyer (verified e-mail, payment fingerprint), learnt after the tap; they count while the reservation lives.
create table stock.buyer_key (
  limit_group text collate "C" not null,
  key text collate "C" not null,
  reservation_id text collate "C" not null references stock.reservation (id),
  primary key (limit_group, key, reservation_id)
);

-- The journal. Sums of the deltas are the level, at every moment.
create table stock.movement (
  id text collate "C" primary key,
  seq bigint generated always as identity unique,
  variant_id text collate "C" not null references catalog.variant (id),
  shop_id text collate "C" not null references identity.shop (id),
  cause text not null check (cause in ('received', 'corrected', 'allotted', 'unallotted', 'sold', 'cancelled', 'returned')),
  on_hand_delta int not null,
  allotted_delta int not null,
  on_hand_after int not null,
  allotted_after int not null,
  allotment_id text collate "C",
  reservation_id text collate "C",
  /* the person, or null for the product itself */
  actor text collate "C",
  note text not null default '' check (length(note) <= 500),
  at timestamptz not null
);
create index movement_of_variant on stock.movement (variant_id, seq desc);

-- Group commit: answers a whole batch in arrival order. One letter per row:
-- g granted, r replay, l buyer limit, s sold out, n not open yet, c closed.
-- A batch holds at most one row per buyer and allotment; the desk sees to it, so that nobody's earlier rows hide in the batch.
create function stock.reserve(
  p_now timestamptz,
  /* distinct */
  p_allotments text[],
  /* terms: what rows share; p_allotment is an index into p_allotments */
  p_allotment int[], p_amount bigint[], p_currency text[], p_source text[], p_hold_ms int[],
  /* rows, in arrival order; p_term is an index into the terms */
  p_term int[], p_id text[], p_person text[], p_quantity int[], p_waited_ms int[], p_grace_ms int[],
  out outcomes text, out lefts text, out replays jsonb
) language plpgsql volatile
  set enable_seqscan = off set enable_bitmapscan = off set enable_mergejoin = off set jit = off set plan_cache_mode = force_generic_plan
  set lock_timeout = '1s'
as $$
declare
  now_ms bigint := round(extract(epoch from p_now) * 1000);
  late record;
begin
  -- Its own statement: the next one's snapshot is then newer than the locks. Sorted: batches of several processes never deadlock.
  perform from stock.allotment
  where id = any (p_allotments || (select array_agg(limit_group) from stock.allotment where id = any (p_allotments))) order by id for no key update;

  -- The usual batch: everything is open, nobody was here before and all of it fits. Judged as a whole it costs less than row by row.
  if not exists (
    select from unnest(p_id) u (id) join stock.reservation r on r.id >= left(u.id, 22) and r.id < left(u.id, 22) || '~'
  ) and cardinality(p_allotments) = (
    select count(*) from (
      select p_allotment[u.term] as which, sum(u.quantity) as units, max(u.quantity) as most, max(u.waited_ms) as longest
      from unnest(p_term, p_quantity, p_waited_ms) u (term, quantity, waited_ms) group by 1
    ) w
    join stock.allotment a on a.id = p_allotments[w.which]
    where a.open and a.left_units >= w.units and (a.per_buyer is null or a.per_buyer >= w.most)
      and (a.opens_at is null or a.opens_at <= p_now - w.longest * interval '1 millisecond') and (a.closes_at is null or a.closes_at > p_now)
  ) then
    with term as materialized (
      select t.i, a.id as allotment_id, a.shop_id, t.amount, t.currency, t.source, p_now + t.hold_ms * interval '1 millisecond' as expires_at
      from unnest(p_allotment, p_amount, p_currency, p_source, p_hold_ms) with ordinality t (which, amount, currency, source, hold_ms, i)
      join stock.allotment a on a.id = p_allotments[t.which]
    ), put as (
      insert into stock.reservation (id, allotment_id, person_id, shop_id, quantity, amount, currency, source, expires_at, created_at)
      select u.id, t.allotment_id, u.person, t.shop_id, u.quantity, t.amount, t.currency, t.source, t.expires_at, p_now
      from unnest(p_term, p_id, p_person, p_quantity) u (term, id, person, quantity) join term t on t.i = u.term
    )
    update stock.allotment a set left_units = a.left_units - w.units, changed_at = p_now
    from (select t.allotment_id, sum(u.quantity) as units from unnest(p_term, p_quantity) u (term, quantity) join term t on t.i = u.term group by 1) w
    where a.id = w.allotment_id;
    outcomes := repeat('g', cardinality(p_id));
  else
    with term as materialized (
      select t.i, a.id as allotment_id, a.limit_group, a.shop_id, a.left_units, coalesce(a.per_buyer, 2000000000) as per_buyer, t.amount, t.currency, t.source,
        p_now + t.hold_ms * interval '1 millisecond' as expires_at,
        coalesce(a.open, false) as open,
        coalesce(round(extract(epoch from a.opens_at) * 1000)::bigint, 0) as opens_ms,
        coalesce(round(extract(epoch from a.closes_at) * 1000)::bigint, 9000000000000000) as closes_ms
      from unnest(p_allotment, p_amount, p_currency, p_source, p_hold_ms) with ordinality t (which, amount, currency, source, hold_ms, i)
      left join stock.allotment a on a.id = p_allotments[t.which]
    ), judged as (
      select u.n, u.id, u.person, u.quantity, u.term, term.allotment_id, term.left_units,
        case
          when mine.replay then 'r'
          when not term.open then 'c'
          when now_ms - u.waited_ms < term.opens_ms then 'n'
          when now_ms - u.waited_ms >= term.closes_ms + u.grace_ms then 'c'
          when mine.units + u.quantity > term.per_buyer then 'l'
          else 'g'
        end as verdict
      from unnest(p_term, p_id, p_person, p_quantity, p_waited_ms, p_grace_ms) with ordinality u (term, id, person, quantity, waited_ms, grace_ms, n)
      join term on term.i = u.term
      cross join lateral (
        select bool_or(r.id = u.id) as replay,
          coalesce(sum(r.quantity - r.returned) filter (where r.state in ('held', 'committed', 'paid')), 0) as units
        from stock.reservation r
        where r.id >= left(u.id, 22) and r.id < left(u.id, 22) || '~' and r.person_id = u.person
          and (r.allotment_id = term.allotment_id or exists (select from stock.allotment x where x.id = r.allotment_id and x.limit_group = term.limit_group))
      ) mine
    ), summed as (
      select *, sum(quantity) filter (where verdict = 'g') over (partition by allotment_id order by n rows unbounded preceding) as running from judged
    ), fitting as (
      select id, person, quantity, term, allotment_id from summed where verdict = 'g' and running <= left_units
    ), put as (
      insert into stock.reservation (id, allotment_id, person_id, shop_id, quantity, amount, currency, source, expires_at, created_at)
      select f.id, f.allotment_id, f.person, t.shop_id, f.quantity, t.amount, t.currency, t.source, t.expires_at, p_now from fitting f join term t on t.i = f.term
    ), taken as (
      update stock.allotment a set left_units = a.left_units - f.units, changed_at = p_now
      from (select allotment_id, sum(quantity) as units from fitting group by allotment_id) f where a.id = f.allotment_id
    )
    select string_agg(case when verdict <> 'g' or running <= left_units then verdict else 's' end, '' order by n)
    into outcomes from summed;
  end if;

  -- A large wish that did not fit must not refuse the smaller ones behind it: these go one by one, in order, while any units remain.
  if position('s' in outcomes) > 0 then
    for late in
      select u.n, u.id, u.person, u.quantity, a.id as allotment_id, a.shop_id, p_amount[u.term] as amount, p_currency[u.term] as currency,
        p_source[u.term] as source, p_now + p_hold_ms[u.term] * interval '1 millisecond' as expires_at
      from unnest(p_term, p_id, p_person, p_quantity) with ordinality u (term, id, person, quantity, n)
      join stock.allotment a on a.id = p_allotments[p_allotment[u.term]]
      where substr(outcomes, u.n::int, 1) = 's' and a.left_units >= u.quantity order by u.n
    loop
      update stock.allotment set left_units = left_units - late.quantity where id = late.allotment_id and left_units >= late.quantity;
      continue when not found;
      insert into stock.reservation (id, allotment_id, person_id, shop_id, quantity, amount, currency, source, expires_at, created_at)
      values (late.id, late.allotment_id, late.person, late.shop_id, late.quantity, late.amount, late.currency, late.source, late.expires_at, p_now);
      outcomes := overlay(outcomes placing 'g' from late.n::int for 1);
    end loop;
  end if;

  -- -1: closed, which is not the same as sold out.
  select string_agg((case when a.open then a.left_units else -1 end)::text, ',' order by t.i) into lefts
  from unnest(p_allotments) with ordinality t (id, i) left join stock.allotment a on a.id = t.id;

  if position('g' in outcomes) > 0 then
    insert into kernel.event (type, at, topic, body)
    select 'stock.reserved', p_now, null, jsonb_build_object(
      'allotments', jsonb_agg(jsonb_build_object('allotmentId', a.id, 'use', a.use, 'useId', a.use_id, 'topic', a.topic,
        'left', g.left_units, 'quota', g.quota)),
      'expiresAt', (select jsonb_agg(distinct now_ms + h) from unnest(p_hold_ms) h))
    from stock.allotment a
    cross join lateral (select sum(x.left_units) as left_units, sum(x.quota) as quota from stock.allotment x where x.limit_group = a.limit_group) g
    where a.id = any (p_allotments);
  end if;
  if position('r' in outcomes) > 0 then
    select jsonb_agg(jsonb_build_object('n', u.n, 'state', r.state, 'quantity', r.quantity, 'amount', r.amount, 'currency', r.currency, 'source', r.source,
      'expiresAt', round(extract(epoch from r.expires_at) * 1000)))
    into replays from unnest(p_id) with ordinality u (id, n) join stock.reservation r on r.id = u.id;
  end if;
end $$;
