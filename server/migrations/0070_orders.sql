-- How things are bought. Orders know no selling mechanic: a line is a variant at a price, with the reservation of its units.
create schema orders;

create table orders.delivery_method (
  id text collate "C" primary key,
  shop_id text collate "C" not null references identity.shop (id),
  kind text not null check (kind in ('courier', 'post', 'pickup')),
  name jsonb not null,
  /* { "EUR": 490 } in minor units; a currency without a price is not delivered in */
  prices jsonb not null,
  /* goods of this much or more in one order are delivered free: { "EUR": 5000 } */
  free_from jsonb not null default '{}',
  /* empty: everywhere */
  countries text[] not null default '{}',
  days_min int not null check (days_min >= 0),
  days_max int not null check (days_max >= days_min),
  position int not null default 0,
  active boolean not null default true,
  created_at timestamptz not null,
  changed_at timestamptz not null
);
create index delivery_of_shop on orders.delivery_method (shop_id, position) where active;

create table orders.cart_line (
  id text collate "C" primary key,
  person_id text collate "C" not null references identity.person (id),
  market text not null,
  variant_id text collate "C" not null references catalog.variant (id),
  quantity int not null check (quantity between 1 and 20),
  /* its units and price are those of the reservation, made elsewhere */
  reservation_id text collate "C" unique,
  added_at timestamptz not null
);
create unique index cart_variant on orders.cart_line (person_id, market, variant_id) where reservation_id is null;
create index cart_of_person on orders.cart_line (person_id, market, id);

-- One act of buying: one payment, one order per shop.
create table orders.checkout (
  id text collate "C" primary key,
  person_id text collate "C" not null references identity.person (id),
  key text not null,
  /* of what was asked, so that a key used twice for different things is noticed */
  digest text not null,
  market text not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  locale text not null,
  email text not null,
  total_amount bigint not null check (total_amount > 0),
  method text not null,
  /* units are reserved after the money is authorised */
  pay_first boolean not null,
  attempts int not null default 1,
  /* the newest attempt; null when paid at the door */
  payment_id text collate "C",
  /* until when another card may be tried; the units wait as long */
  pay_until timestamptz not null,
  placed_at timestamptz not null,
  unique (person_id, key)
);

create table orders.parcel (
  id text collate "C" primary key,
  shop_id text collate "C" not null references identity.shop (id),
  person_id text collate "C" not null references identity.person (id),
  /* purchases of one show lie together; null joins with nothing */
  show_id text collate "C",
  method_id text collate "C" not null,
  address_digest text not null,
  currency text not null,
  state text not null default 'open' check (state in ('open', 'packed', 'shipped', 'delivered', 'empty')),
  carrier text not null default '',
  tracking text not null default '',
  opened_at timestamptz not null,
  packed_at timestamptz,
  shipped_at timestamptz,
  delivered_at timestamptz
);
create index parcel_joinable on orders.parcel (person_id, shop_id, show_id) where state = 'open' and show_id is not null;
create index parcel_of_shop on orders.parcel (shop_id, state, id);

create table orders.order (
  id text collate "C" primary key,
  /* what people read out: seven random letters and a check letter */
  number text not null unique,
  checkout_id text collate "C" not null references orders.checkout (id),
  shop_id text collate "C" not null references identity.shop (id),
  person_id text collate "C" not null references identity.person (id),
  show_id text collate "C",
  state text not null check (state in ('placed', 'paid', 'packed', 'shipped', 'delivered', 'cancelled', 'refunded')),
  currency text not null,
  tax_included boolean not null,
  goods_amount bigint not null check (goods_amount >= 0),
  delivery_amount bigint not null check (delivery_amount >= 0),
  /* inside the total, or part of it, by tax_included */
  tax_amount bigint not null check (tax_amount >= 0),
  total_amount bigint not null check (total_amount > 0),
  refunded_amount bigint not null default 0,
  pay_on_delivery boolean not null,
  payment_id text collate "C",
  /* the sale stands in the ledger and the units have left the stock */
  confirmed_at timestamptz,
  parcel_id text collate "C" not null references orders.parcel (id),
  method_id text collate "C" not null,
  method_kind text not null,
  method_name jsonb not null,
  email text not null,
  phone text not null,
  locale text not null,
  /* { country, name, phone, line1, line2, city, region, postcode, pickup } */
  address jsonb not null,
  /* lower case, what the shop searches by */
  search text not null,
  cancel_reason text,
  placed_at timestamptz not null,
  paid_at timestamptz,
  packed_at timestamptz,
  shipped_at timestamptz,
  delivered_at timestamptz,
  cancelled_at timestamptz,
  check (refunded_amount between 0 and total_amount)
);
create index order_of_checkout on orders.order (checkout_id);
create index order_of_person on orders.order (person_id, id desc);
create index order_of_shop on orders.order (shop_id, id desc);
create index order_of_shop_state on orders.order (shop_id, state, id desc);
create index order_of_show on orders.order (show_id, id desc) where show_id is not null;
create index order_of_parcel on orders.order (parcel_id);
create index order_of_payment on orders.order (payment_id) where payment_id is not null;

create table orders.line (
  id text collate "C" primary key,
  order_id text collate "C" not null references orders.order (id),
  shop_id text collate "C" not null references identity.shop (id),
  kind text not null check (kind in ('goods', 'delivery', 'fee')),
  position int not null,
  variant_id text collate "C" references catalog.variant (id),
  product_id text collate "C" references catalog.product (id),
  /* as it was when bought */
  title jsonb not null,
  options jsonb not null default '{}',
  sku text not null default '',
  quantity int not null check (quantity > 0),
  unit_amount bigint not null check (unit_amount >= 0),
  /* unit times quantity, as prices are shown: with tax inside, or before it by tax_included of the order */
  total_amount bigint not null check (total_amount >= 0),
  /* basis points */
  tax_rate int not null,
  tax_amount bigint not null check (tax_amount >= 0),
  /* null until the units are taken (pay first) */
  reservation_id text collate "C" unique,
  /* what to reserve then, and whose terms these are */
  allotment_id text collate "C",
  terms text,
  source_kind text not null,
  source_id text collate "C",
  show_id text collate "C",
  returned int not null default 0,
  check (returned between 0 and quantity),
  check ((kind = 'goods') = (variant_id is not null))
);
create index line_of_order on orders.line (order_id, position);
create index line_of_source on orders.line (source_kind, source_id) where source_id is not null;
create index line_of_variant on orders.line (variant_id) where variant_id is not null;
