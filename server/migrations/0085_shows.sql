create schema shows;

create table shows.series (
  id text collate "C" primary key,
  shop_id text collate "C" not null references identity.shop (id),
  zone text not null,
  created_at timestamptz not null,
  ended_at timestamptz
);

create table shows.show (
  id text collate "C" primary key,
  shop_id text collate "C" not null references identity.shop (id),
  series_id text collate "C" references shows.series (id),
  title jsonb not null,
  about jsonb not null default '{}',
  cover text,
  cover_wide text,
  topic text not null default '',
  languages text[] not null default '{en}',
  currency text not null,
  state text not null check (state in ('draft', 'scheduled', 'live', 'paused', 'cut', 'ended', 'replay', 'archived', 'cancelled')),
  visibility text not null default 'public' check (visibility in ('public', 'unlisted', 'team')),
  starts_at timestamptz,
  planned_minutes int not null default 60,
  started_at timestamptz,
  ended_at timestamptz,
  slate boolean not null default false,
  cut_reason text,
  encoder_delay_ms int not null default 0,
  /* written by the room on the right */
  room_delay_ms int not null default 3000,
  viewers int not null default 0,
  viewers_peak int not null default 0,
  /* signs playback of shows that are not public */
  playback_key text not null,
  demo boolean not null default false,
  created_by text collate "C",
  created_at timestamptz not null,
  changed_at timestamptz not null
);
create index show_by_state on shows.show (state, starts_at);
create index show_of_shop on shows.show (shop_id, id desc);

create table shows.item (
  id text collate "C" primary key,
  show_id text collate "C" not null references shows.show (id),
  position int not null,
  kind text not null check (kind in ('talk', 'lot')),
  title text not null,
  note text not null default '',
  planned_seconds int not null default 0,
  lot_id text collate "C",
  started_at timestamptz,
  ended_at timestamptz
);
create index item_of_show on shows.item (show_id, position);

create table shows.reminder (
  id text collate "C" primary key,
  show_id text collate "C" not null references shows.show (id),
  person_id text collate "C" not null references identity.person (id),
  email text not null,
  locale text not null,
  created_at timestamptz not null,
  sent_at timestamptz,
  unique (show_id, person_id)
);

create table shows.follow (
  host_id text collate "C" not null references identity.person (id),
  person_id text collate "C" not null references identity.person (id),
  at timestamptz not null,
  primary key (host_id, person_id)
);
create index follow_of_person on shows.follow (person_id);
