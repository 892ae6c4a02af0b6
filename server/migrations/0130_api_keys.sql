-- Programs that act for a shop or the platform.
create schema integrations;

create table integrations.api_key (
  id text collate "C" primary key,
  /* null: of the platform */
  shop_id text collate "C" references identity.shop (id),
  /* whose roles count at each call */
  person_id text collate "C" not null references identity.person (id),
  name text not null check (length(name) between 1 and 60),
  /* SHA-256 of 32 random bytes: nothing to guess, so nothing to slow down */
  secret_hash bytea not null,
  scopes text[] not null,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz,
  revoked_by text collate "C" references identity.person (id)
);
create index api_key_of_shop on integrations.api_key (shop_id, id);

create table integrations.key_call (
  id bigint generated always as identity primary key,
  key_id text collate "C" not null references integrations.api_key (id),
  at timestamptz not null,
  act text not null,
  status int not null,
  refusal text,
  remote text not null,
  request_id text not null
);
create index key_call_of_key on integrations.key_call (key_id, id);
create index key_call_at on integrations.key_call (at);
