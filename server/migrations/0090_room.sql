-- What is said in rooms, and their order.
create schema room;

-- Written in batches while a show is on air. No foreign keys: a line never waits for a lock on its show or person.
create table room.message (
  id text collate "C" primary key,
  show_id text collate "C" not null,
  person_id text collate "C" not null,
  /* as they were called and marked when they said it */
  name text not null,
  mark text check (mark in ('host', 'moderator', 'shop')),
  text text not null,
  /* made by the sender: a line that is sent again is kept once */
  key text not null,
  at timestamptz not null,
  deleted_at timestamptz,
  deleted_by text collate "C",
  unique (show_id, person_id, key)
);
create index message_of_show on room.message (show_id, id desc);
create index message_of_person on room.message (person_id, id desc);

create table room.settings (
  show_id text collate "C" primary key references shows.show (id),
  slow_ms int not null default 0 check (slow_ms between 0 and 300000),
  pinned_message_id text collate "C" references room.message (id),
  changed_at timestamptz not null
);

create table room.mute (
  show_id text collate "C" not null references shows.show (id),
  person_id text collate "C" not null references identity.person (id),
  until_at timestamptz not null,
  by_person_id text collate "C",
  at timestamptz not null,
  primary key (show_id, person_id)
);

create table room.ban (
  show_id text collate "C" not null references shows.show (id),
  person_id text collate "C" not null references identity.person (id),
  by_person_id text collate "C",
  at timestamptz not null,
  primary key (show_id, person_id)
);

create table room.blockword (
  place_kind text not null check (place_kind in ('show', 'shop')),
  place_id text collate "C" not null,
  word text not null check (length(word) between 1 and 60),
  at timestamptz not null,
  primary key (place_kind, place_id, word)
);
