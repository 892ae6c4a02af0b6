-- Where a session is and how it began; `proven_at` is what dangerous acts ask for.
alter table identity.session
  add column way text not null default 'code',
  add column address text not null default '',
  add column proven_at timestamptz;
create index session_ended on identity.session (ended_at) where ended_at is not null;
create index session_expires on identity.session (expires_at) where ended_at is null;

-- Browsers that somebody has signed in with; the cookie's secret is kept hashed.
create table identity.device (
  person_id text collate "C" not null references identity.person (id),
  secret_hash bytea not null,
  first_at timestamptz not null,
  seen_at timestamptz not null,
  primary key (person_id, secret_hash)
);

-- Accounts elsewhere (OpenID Connect): the pair of provider and subject is what never changes hands.
create table identity.outside (
  provider text not null,
  subject text not null,
  person_id text collate "C" not null references identity.person (id),
  email text,
  linked_at timestamptz not null,
  used_at timestamptz not null,
  primary key (provider, subject)
);
create unique index outside_of_person on identity.outside (person_id, provider);

create table identity.passkey (
  id text collate "C" primary key,
  /* base64url, as the browser says it */
  credential text collate "C" not null unique,
  person_id text collate "C" not null references identity.person (id),
  public_key bytea not null,
  /* 0 from authenticators that do not count */
  counter bigint not null,
  transports text[] not null default '{}',
  synced boolean not null,
  name text not null,
  created_at timestamptz not null,
  used_at timestamptz
);
create index passkey_of_person on identity.passkey (person_id);

-- A challenge is signed and not kept; only one that was answered rightly is, so that it cannot be answered again.
create table identity.challenge_used (challenge_hash bytea primary key, expires_at timestamptz not null);

-- Failing tries by what was tried (an account, an address, everybody); keys are hashed.
create table identity.trying (
  key bytea primary key,
  tries int not null,
  last_at timestamptz not null
);
create index trying_last on identity.trying (last_at);
