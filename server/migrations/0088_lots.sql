-- Lots: offers of a product placed in a show. Units are in stock.allotment (use 'lot'), one for each variant while the lot is armed or open.
create schema lots;

create table lots.lot (
  id text collate "C" primary key,
  show_id text collate "C" not null references shows.show (id),
  /* whose goods: may be another shop than the show's */
  shop_id text collate "C" not null references identity.shop (id),
  number int not null check (number >= 1),
  position int not null,
  product_id text collate "C" references catalog.product (id),
  state text not null default 'draft' check (state in ('draft', 'armed', 'counting', 'open', 'sold_out', 'expired', 'revoked')),
  /* the newest row of lots.deal */
  version int not null default 0,
  quota int not null default 0,
  per_buyer int not null default 1000000,
  /* how long it stays open; null: until closed by hand */
  window_ms int check (window_ms > 0),
  opens_at timestamptz,
  closes_at timestamptz,
  closed_because text check (closed_because in ('hand', 'time', 'sold_out', 'revoked', 'show_ended')),
  /* sold elsewhere: no stock, no deal */
  link_url text,
  link_seller text,
  link_title jsonb,
  link_picture text collate "C" references catalog.picture (id),
  clicks int not null default 0,
  removed_at timestamptz,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  unique (show_id, number),
  check ((link_url is null) = (product_id is not null))
);

create table lots.variant (
  lot_id text collate "C" not null references lots.lot (id),
  variant_id text collate "C" not null references catalog.variant (id),
  position int not null,
  /* of the present opening, or the last */
  allotment_id text collate "C",
  primary key (lot_id, variant_id)
);

-- Terms as they were shown: one row per version, never changed but for the instant at which the next one came.
create table lots.deal (
  id text collate "C" primary key,
  lot_id text collate "C" not null references lots.lot (id),
  version int not null,
  amount bigint not null check (amount >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  reference_amount bigint,
  reference_basis text check (reference_basis in ('lowest_30_days', 'makers_price', 'usual_price')),
  from_at timestamptz not null,
  until_at timestamptz,
  unique (lot_id, version),
  check ((reference_amount is null) = (reference_basis is null)),
  check (reference_amount > amount)
);

-- What was on the screens, in video time (program date-time).
create table lots.pin (
  id text collate "C" primary key,
  show_id text collate "C" not null references shows.show (id),
  lot_id text collate "C" not null references lots.lot (id),
  slot text not null check (slot in ('primary', 'second', 'third')),
  start_at timestamptz not null,
  end_at timestamptz,
  check (end_at >= start_at)
);
create unique index pin_open on lots.pin (show_id, slot) where end_at is null;
create unique index pin_open_lot on lots.pin (lot_id) where end_at is null;
create index pin_of_show on lots.pin (show_id, start_at);
