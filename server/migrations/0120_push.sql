-- Browsers that want to be told (RFC 8030). `mark` is the SHA-256 of the endpoint: the endpoint itself is a capability and stays here.
create table notifications.push (
  mark text collate "C" primary key,
  person_id text collate "C" not null references identity.person (id),
  endpoint text not null,
  p256dh text not null,
  auth text not null,
  locale text not null,
  /* what it wants to hear of */
  shows boolean not null,
  orders boolean not null,
  /* answers in a row that were neither yes nor gone */
  failures int not null default 0,
  created_at timestamptz not null,
  changed_at timestamptz not null
);
create index push_of_person on notifications.push (person_id);

-- One piece of news reaches one browser once.
create table notifications.pushed (news text collate "C" not null, mark text collate "C" not null, at timestamptz not null, primary key (news, mark));
create index pushed_at on notifications.pushed (at);

-- A reminder may come by push alone.
alter table shows.reminder alter column email drop not null;
