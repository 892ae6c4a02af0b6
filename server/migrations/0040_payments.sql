-- Money asked of providers. Card data never comes here: only providers' tokens, references and fingerprints.
create schema payments;

create table payments.payment (
  id text collate "C" primary key,
  /* made by the module that asks; the same key is a replay */
  key text not null unique,
  /* what is paid for: a checkout (card) or one order (at the door) */
  subject_id text collate "C" not null,
  person_id text collate "C" not null references identity.person (id),
  /* only when the shop itself takes the money (cash) */
  shop_id text collate "C" references identity.shop (id),
  provider text not null,
  method text not null,
  capture text not null check (capture in ('automatic', 'manual')),
  amount bigint not null check (amount > 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  state text not null check (state in ('created', 'requires_action', 'unknown', 'authorised', 'captured', 'declined', 'voided')),
  /* what must still be asked of the provider; asked again until it answers */
  wanted text check (wanted in ('capture', 'void')),
  wanted_amount bigint,
  provider_ref text,
  fingerprint text,
  card jsonb,
  action jsonb,
  decline_reason text,
  captured_amount bigint not null default 0 check (captured_amount between 0 and amount),
  fee_amount bigint not null default 0,
  /* asked and done together: never more than was captured */
  refunded_amount bigint not null default 0,
  asked_count int not null default 0,
  created_at timestamptz not null,
  begun_at timestamptz,
  changed_at timestamptz not null,
  check (refunded_amount between 0 and captured_amount),
  check ((state = 'captured') = (captured_amount > 0))
);
create index payment_of_subject on payments.payment (subject_id);
create index payment_open on payments.payment (id) where state in ('unknown', 'requires_action') or wanted is not null;
create index payment_fingerprint on payments.payment (provider, fingerprint) where fingerprint is not null;

create table payments.refund (
  id text collate "C" primary key,
  key text not null unique,
  payment_id text collate "C" not null references payments.payment (id),
  order_id text collate "C" not null,
  amount bigint not null check (amount > 0),
  currency text not null,
  state text not null check (state in ('asked', 'done', 'refused')),
  reason text not null,
  provider_ref text,
  problem text not null default '',
  asked_by text collate "C",
  asked_at timestamptz not null,
  done_at timestamptz
);
create index refund_of_payment on payments.refund (payment_id);
create index refund_of_order on payments.refund (order_id);
create index refund_open on payments.refund (id) where state = 'asked';

-- What providers told us, once per event of theirs.
create table payments.inbox (
  provider text not null,
  event_id text not null,
  payment_id text collate "C" not null,
  body jsonb not null,
  /* waiting, applied (it changed something), stale (older than what is known), orphan (no such payment) */
  state text not null default 'waiting' check (state in ('waiting', 'applied', 'stale', 'orphan')),
  copies int not null default 1,
  received_at timestamptz not null,
  done_at timestamptz,
  primary key (provider, event_id)
);
create index inbox_waiting on payments.inbox (received_at) where state = 'waiting';

-- The built-in test provider's own books, as if they lay outside: nothing but its adapter reads them.
create table payments.test_intent (
  id text primary key,
  payment_id text not null unique,
  idempotency_key text not null unique,
  token text not null,
  amount bigint not null,
  currency text not null,
  capture text not null,
  state text not null,
  captured bigint not null default 0,
  refunded bigint not null default 0,
  /* what it becomes, and when */
  due_state text,
  due_at timestamptz,
  version int not null default 1
);
create table payments.test_refund (
  idempotency_key text primary key,
  id text not null,
  intent_id text not null references payments.test_intent (id),
  amount bigint not null,
  state text not null
);
