-- Control plane of the picture: who may publish a stream, what happens to it, what was recorded. A stream is bytes; the
-- shows on the right give streams their ids.
create schema media;

create table media.stream_key (
  id text collate "C" primary key,
  stream_id text collate "C" not null,
  shop_id text collate "C" not null references identity.shop (id),
  secret_hash bytea not null unique,
  label text not null default '',
  hint text not null,
  created_by text collate "C" references identity.person (id),
  created_at timestamptz not null,
  expires_at timestamptz,
  used_at timestamptz,
  revoked_at timestamptz
);
create index stream_key_of on media.stream_key (stream_id);

-- One life of a stream, from the first publisher to the end.
create table media.session (
  id text collate "C" primary key,
  stream_id text collate "C" not null,
  protocol text not null,
  state text not null check (state in ('live', 'grace', 'ended')),
  started_at timestamptz not null,
  grace_until timestamptz,
  ended_at timestamptz,
  /* start of its first segment and length so far, by the picture's own clock */
  first_picture_at timestamptz,
  last_picture_at timestamptz,
  /* what the publisher could do better */
  advice jsonb,
  stats jsonb not null default '{}'
);
create index session_of_stream on media.session (stream_id, started_at desc);

create table media.refused (
  stream_id text collate "C" primary key,
  code text not null,
  detail jsonb not null default '{}',
  at timestamptz not null
);

create table media.recording (
  session_id text collate "C" primary key,
  stream_id text collate "C" not null,
  shop_id text collate "C" not null references identity.shop (id),
  /* storage prefix with init, segments and playlist */
  prefix text not null,
  state text not null check (state in ('on', 'stopped', 'ready', 'empty', 'deleted')),
  reason text,
  started_at timestamptz not null,
  first_picture_at timestamptz,
  duration_ms bigint not null default 0,
  bytes bigint not null default 0,
  keep_until timestamptz
);
create index recording_of_stream on media.recording (stream_id, started_at);

-- Media numbers its messages per life of its process; the same number twice is answered and changes nothing.
create table media.inbox (boot_id text primary key, last_n bigint not null, seen_at timestamptz not null);
