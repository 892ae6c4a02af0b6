-- Accounts at payment providers: the platform's own, or a shop's. Secrets are sealed; only their ends can be seen.
create table payments.account (
  id text collate "C" primary key,
  provider text not null check (provider in ('stripe', 'yookassa')),
  /* null: the platform's; money for all shops comes to it */
  shop_id text collate "C" references identity.shop (id),
  /* where it takes money; empty: in every market */
  markets text[] not null default '{}',
  active boolean not null,
  /* the provider's name for whoever is paid: publishable key, or number of the shop there */
  public_key text not null,
  sealed text not null,
  /* the ends of the secrets, by their names */
  ends jsonb not null,
  /* with each change: opened adapters are left behind */
  version int not null default 1,
  created_at timestamptz not null,
  changed_at timestamptz not null
);
create unique index account_one_each on payments.account (provider, coalesce(shop_id, ''), public_key);
create index account_of_shop on payments.account (shop_id) where shop_id is not null;

-- A callback may say only that something happened, to which refund it happened, or nothing to be believed before the provider is asked.
alter table payments.inbox add column refund_id text collate "C";
alter table payments.inbox add column asks boolean not null default false;
alter table payments.inbox add column ref text;
