-- Double entry. Debits are positive, credits negative: a transfer's entries sum to zero per currency. Append only; history is reversed.
create schema ledger;

create table ledger.account (
  id text collate "C" primary key,
  /* buyer: what a person owes; shop: what is owed to a shop (credit); clearing: money at a provider; fees: what providers kept;
     cash: banknotes a shop collected; transit: payouts on their way; platform: the operator's bank account */
  kind text not null check (kind in ('buyer', 'shop', 'clearing', 'fees', 'cash', 'transit', 'platform')),
  /* person, shop or provider; empty for the platform */
  owner_id text collate "C" not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  opened_at timestamptz not null,
  unique (kind, owner_id, currency),
  unique (id, currency)
);

create table ledger.transfer (
  id text collate "C" primary key,
  kind text not null check (kind in ('sale', 'sale_return', 'capture', 'refund', 'provider_fee', 'shop_fee', 'cash', 'cash_kept', 'payout_asked', 'payout_paid', 'settlement', 'reversal')),
  /* what made it, said once: the same cause again is a replay */
  cause text collate "C" not null unique,
  /* of the entries, so that a replay with other contents is noticed */
  digest text not null,
  entry_count int not null check (entry_count >= 2),
  shop_id text collate "C" references identity.shop (id),
  order_id text collate "C",
  payment_id text collate "C",
  reverses text collate "C" unique references ledger.transfer (id),
  at timestamptz not null,
  check ((kind = 'reversal') = (reverses is not null))
);
create index transfer_of_order on ledger.transfer (order_id) where order_id is not null;
create index transfer_of_payment on ledger.transfer (payment_id) where payment_id is not null;

create table ledger.entry (
  id text collate "C" primary key,
  transfer_id text collate "C" not null references ledger.transfer (id),
  account_id text collate "C" not null,
  amount bigint not null check (amount <> 0),
  currency text not null,
  foreign key (account_id, currency) references ledger.account (id, currency)
);
create index entry_of_transfer on ledger.entry (transfer_id);
create index entry_of_account on ledger.entry (account_id, id desc) include (amount);

-- Checked at commit, whichever of the two tables was written: complete, balanced, and never added to later.
create function ledger.check_transfer(subject text, expected int) returns void language plpgsql as $$
declare found_count int; crooked text;
begin
  select coalesce(sum(n), 0), min(currency) filter (where total <> 0) into found_count, crooked
  from (select currency, count(*) as n, sum(amount) as total from ledger.entry where transfer_id = subject group by currency) c;
  if found_count <> expected then
    raise exception 'ledger: transfer % has % entries, expected %', subject, found_count, expected using errcode = 'check_violation';
  end if;
  if crooked is not null then
    raise exception 'ledger: transfer % does not sum to zero in %', subject, crooked using errcode = 'check_violation';
  end if;
end $$;

create function ledger.check_new_transfer() returns trigger language plpgsql as $$
begin
  perform ledger.check_transfer(new.id, new.entry_count);
  return null;
end $$;

create function ledger.check_new_entry() returns trigger language plpgsql as $$
declare expected int; mine boolean;
begin
  -- A transfer of this very transaction is checked by its own trigger, once instead of once per entry.
  select entry_count, xmin = pg_current_xact_id()::xid into expected, mine from ledger.transfer where id = new.transfer_id;
  if not mine then perform ledger.check_transfer(new.transfer_id, expected); end if;
  return null;
end $$;

create constraint trigger transfer_balanced after insert on ledger.transfer deferrable initially deferred for each row execute function ledger.check_new_transfer();
create constraint trigger entry_balanced after insert on ledger.entry deferrable initially deferred for each row execute function ledger.check_new_entry();

create function ledger.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'ledger: % is append only; reverse the transfer instead', tg_table_name using errcode = 'restrict_violation';
end $$;
create trigger transfer_append_only before update or delete on ledger.transfer for each row execute function ledger.refuse_change();
create trigger entry_append_only before update or delete on ledger.entry for each row execute function ledger.refuse_change();
create trigger account_append_only before update or delete on ledger.account for each row execute function ledger.refuse_change();
create trigger transfer_no_truncate before truncate on ledger.transfer for each statement execute function ledger.refuse_change();
create trigger entry_no_truncate before truncate on ledger.entry for each statement execute function ledger.refuse_change();

-- One round trip per transfer. Answers null when it was written, else the digest of what stood there; opens accounts that are missing,
-- in the order of the arrays (sorted by the caller), so that two openers never wait for each other in a circle.
create function ledger.post(
  p_id text, p_kind text, p_cause text, p_digest text, p_shop text, p_order text, p_payment text, p_reverses text, p_at timestamptz,
  p_entry_ids text[], p_account_ids text[], p_kinds text[], p_owners text[], p_amounts bigint[], p_currencies text[],
  out transfer_id text, out known_digest text
) language plpgsql as $$
begin
  insert into ledger.transfer (id, kind, cause, digest, entry_count, shop_id, order_id, payment_id, reverses, at)
  values (p_id, p_kind, p_cause, p_digest, cardinality(p_entry_ids), p_shop, p_order, p_payment, p_reverses, p_at) on conflict (cause) do nothing;
  if not found then
    select t.id, t.digest into transfer_id, known_digest from ledger.transfer t where t.cause = p_cause;
    return;
  end if;
  insert into ledger.account (id, kind, owner_id, currency, opened_at)
  select e.id, e.kind, e.owner_id, e.currency, p_at from unnest(p_account_ids, p_kinds, p_owners, p_currencies) with ordinality as e (id, kind, owner_id, currency, n)
  where not exists (select from ledger.account a where a.kind = e.kind and a.owner_id = e.owner_id and a.currency = e.currency)
  order by n on conflict do nothing;
  insert into ledger.entry (id, transfer_id, account_id, amount, currency)
  select e.id, p_id, (select a.id from ledger.account a where a.kind = e.kind and a.owner_id = e.owner_id and a.currency = e.currency), e.amount, e.currency
  from unnest(p_entry_ids, p_kinds, p_owners, p_amounts, p_currencies) as e (id, kind, owner_id, amount, currency);
  transfer_id := p_id;
end $$;

create table ledger.payout (
  id text collate "C" primary key,
  shop_id text collate "C" not null references identity.shop (id),
  key text not null,
  amount bigint not null check (amount > 0),
  currency text not null,
  state text not null check (state in ('requested', 'paid', 'refused')),
  /* the bank's, when paid; the reason, when refused */
  reference text not null default '',
  requested_by text collate "C" not null,
  requested_at timestamptz not null,
  settled_at timestamptz,
  unique (shop_id, key)
);
create index payout_open on ledger.payout (requested_at) where state = 'requested';
create index payout_of_shop on ledger.payout (shop_id, id desc);
