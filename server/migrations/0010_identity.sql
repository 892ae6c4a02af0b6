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
create index person_claimed on identity.person (claimed_by) where claimed_by is not null;
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

-- Sessions are ours: a secret in an http-only cookie renews the short-lived signed token.
create table identity.session (
  id text collate "C" primary key,
  person_id text collate "C" not null references identity.person (id),
  secret_hash bytea not null,
  agent text not null default '',
  created_at timestamptz not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz
);
create index session_of_person on identity.session (person_id) where ended_at is null;

create table identity.invitation (
  id text collate "C" primary key,
  secret_hash bytea not null unique,
  place_kind text not null check (place_kind in ('shop', 'show')),
  place_id text collate "C" not null,
  role text not null,
  email text,
  invited_by text collate "C" not null references identity.person (id),
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_by text collate "C" references identity.person (id),
  used_at timestamptz,
  revoked_at timestamptz
);
create index invitation_of_place on identity.invitation (place_kind, place_id);

-- Credentials live with the sign-in library, in a schema of their own; identity.person.id is its user id.
create schema auth;
create table auth."user" (
  id text primary key, name text not null, email text not null unique, "emailVerified" boolean not null, image text,
  "createdAt" timestamptz not null, "updatedAt" timestamptz not null
);
create table auth.session (
  id text primary key, "expiresAt" timestamptz not null, token text not null unique, "createdAt" timestamptz not null, "updatedAt" timestamptz not null,
  "ipAddress" text, "userAgent" text, "userId" text not null references auth."user" (id) on delete cascade
);
create index on auth.session ("userId");
create table auth.account (
  id text primary key, "accountId" text not null, "providerId" text not null, "userId" text not null references auth."user" (id) on delete cascade,
  "accessToken" text, "refreshToken" text, "idToken" text, "accessTokenExpiresAt" timestamptz, "refreshTokenExpiresAt" timestamptz, scope text, password text,
  "createdAt" timestamptz not null, "updatedAt" timestamptz not null
);
create index on auth.account ("userId");
create table auth.verification (
  id text primary key, identifier text not null, value text not null, "expiresAt" timestamptz not null, "createdAt" timestamptz not null, "updatedAt" timestamptz not null
);
create index on auth.verification (identifier);
