-- What shops are told of as it happens. `dispatch` is the journal: one row for each event and endpoint, tried until it is taken.
create table integrations.endpoint (
  id text collate "C" primary key,
  shop_id text collate "C" not null references identity.shop (id),
  url text not null check (length(url) <= 2000),
  about text not null default '',
  types text[] not null,
  /* sealed; the old one signs too until then */
  secret text not null,
  old_secret text,
  old_until timestamptz,
  state text not null check (state in ('active', 'paused', 'disabled')),
  made_at timestamptz not null,
  /* one process delivers at a time; a lease, because processes die */
  busy_until timestamptz
);
create index endpoint_of_shop on integrations.endpoint (shop_id);

create table integrations.dispatch (
  id text collate "C" primary key,
  endpoint_id text collate "C" not null references integrations.endpoint (id) on delete cascade,
  /* position in the event log; null: a ping */
  pos bigint,
  type text not null,
  body text not null,
  at timestamptz not null,
  state text not null check (state in ('waiting', 'taken', 'given_up')),
  tries int not null default 0,
  next_at timestamptz not null,
  taken_at timestamptz,
  unique (endpoint_id, pos)
);
create index dispatch_waiting on integrations.dispatch (endpoint_id, id) where state = 'waiting';
create index dispatch_of_endpoint on integrations.dispatch (endpoint_id, id desc);
create index dispatch_at on integrations.dispatch (at);

create table integrations.attempt (
  id bigint generated always as identity primary key,
  dispatch_id text collate "C" not null references integrations.dispatch (id) on delete cascade,
  at timestamptz not null,
  ms int not null,
  status int,
  /* why there was no answer */
  problem text,
  answer text not null default ''
);
create index attempt_of_dispatch on integrations.attempt (dispatch_id, id);
