-- Where a shop lets its shows be embedded: origins such as https://blog.example (RFC 6454, 6.2).
create table integrations.site (
  shop_id text collate "C" not null references identity.shop (id),
  origin text not null check (length(origin) <= 255),
  added_at timestamptz not null,
  added_by text collate "C" not null references identity.person (id),
  primary key (shop_id, origin)
);
create index site_origin on integrations.site (origin);
