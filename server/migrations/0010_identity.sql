-- People, shops, roles. A guest is a person from the first tap; an account claims it later (claimed_by keeps the thread).
create schema identity;

create table identity.person (
  id text collate "C" primary key,
  kind text not null check (kind in ('guest', 'account')),
  name text not null check (length(name) between 1 and 80),
  /* lower case; only accounts have one, or a guest who gave one at checkout (not verified) */
  email text,
  email_verified_at timestamptz,
  locale text not null default 'en',
  country text check (country ~ '^[A-Z]{2}$'),
  picture text,
  bio jsonb not null default '{}',
  claimed_by text collate "C" references identity.person (id),
  operator boolean not null default false,
  demo boolean not null default false,
  created_at timestamptz not null,
  closed_at timestamptz
);
create unique index person_email on identity.person (email) where kind = 'account' and email is not null;

create table identity.shop (
  id text collate "C" primary key,
  slug text not null unique,
  name text not null check (length(name) between 1 and 120),
  about jsonb not null default '{}',
  market text not null,
  country text not null check (country ~ '^[A-Z]{2}$'),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  logo text,
  banner text,
  /* see contract ShopSettings: reservation minutes, pay-first, recording days, return days, tax rate, mail */
  settings jsonb not null default '{}',
  demo boolean not null default false,
  created_at timestamptz not null,
  closed_at timestamptz
);

create table identity.role (
  person_id text collate "C" not null references identity.person (id),
  place_kind text not null check (place_kind in ('shop', 'show')),
  place_id text collate "C" not null,
  role text not null check (role in ('owner', 'manager', 'fulfilment', 'host', 'moderator')),
  given_at timestamptz not null,
  primary key (place_kind, place_id, person_id, role),
  check ((place_kind = 'shop') = (role in ('owner', 'manager', 'fulfilment')))
);
create index role_of_person on identity.role (person_id);
