-- What is sold. A product's texts are by language; its figures live in the versioned, typed spec sheet.
create schema catalog;

create table catalog.product (
  id text collate "C" primary key,
  shop_id text collate "C" not null references identity.shop (id),
  slug text not null,
  title jsonb not null,
  about jsonb not null default '{}',
  brand text not null default '',
  model text not null default '',
  category text not null default '',
  /* basis points; null takes the shop's */
  tax_rate int check (tax_rate between 0 and 10000),
  warranty_months int,
  origin_country text,
  sheet_version int not null default 0,
  /* written from the right: verified reviews */
  rating_count int not null default 0,
  rating_sum int not null default 0,
  state text not null default 'draft' check (state in ('draft', 'published', 'archived')),
  demo boolean not null default false,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  unique (shop_id, slug)
);

create table catalog.variant (
  id text collate "C" primary key,
  product_id text collate "C" not null references catalog.product (id),
  shop_id text collate "C" not null references identity.shop (id),
  sku text not null,
  barcode text,
  /* { "color": "black", "size": "42" } in the order of product options */
  options jsonb not null default '{}',
  position int not null default 0,
  active boolean not null default true,
  created_at timestamptz not null,
  unique (shop_id, sku)
);
create index variant_of_product on catalog.variant (product_id, position);

create table catalog.price (
  variant_id text collate "C" not null references catalog.variant (id),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  amount bigint not null check (amount >= 0),
  changed_at timestamptz not null,
  primary key (variant_id, currency)
);
-- Discounts are checked against what was really asked before.
create table catalog.price_history (
  id bigint generated always as identity primary key,
  variant_id text collate "C" not null references catalog.variant (id),
  currency text not null,
  amount bigint not null,
  from_at timestamptz not null
);
create index price_history_of on catalog.price_history (variant_id, currency, from_at desc);

create table catalog.picture (
  id text collate "C" primary key,
  shop_id text collate "C" not null references identity.shop (id),
  product_id text collate "C" references catalog.product (id),
  variant_id text collate "C" references catalog.variant (id),
  /* storage prefix; sizes are files below it */
  key text not null,
  width int not null,
  height int not null,
  alt jsonb not null default '{}',
  /* average colour, shown until the picture is there */
  tint text not null default '#cccccc',
  position int not null default 0,
  created_at timestamptz not null
);
create index picture_of_product on catalog.picture (product_id, position);

create table catalog.sheet (
  product_id text collate "C" not null references catalog.product (id),
  version int not null check (version >= 1),
  attributes jsonb not null,
  written_by text collate "C",
  written_at timestamptz not null,
  primary key (product_id, version)
);

create table catalog.related (
  product_id text collate "C" not null references catalog.product (id),
  /* the other product is the … of this one */
  relation text not null,
  other_id text collate "C" not null references catalog.product (id),
  primary key (product_id, relation, other_id)
);
