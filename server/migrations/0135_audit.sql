-- Who did which sensitive act, when, on what. Each row carries the digest of the one before it, so a row that was changed, taken out or
-- put in between is found. Appended only; the oldest may be cut off when their time is over, and the head says where.
create table kernel.audit (
  pos bigint primary key,
  at timestamptz not null,
  act text not null,
  person_id text collate "C",
  person_name text not null default '',
  shop_id text collate "C",
  show_id text collate "C",
  /* what it was given, without secrets */
  detail jsonb not null,
  request_id text not null,
  /* shortened: its network, not the person's line */
  address text not null,
  hash text not null
);
create index audit_shop on kernel.audit (shop_id, pos) where shop_id is not null;
create index audit_person on kernel.audit (person_id, pos) where person_id is not null;

create table kernel.audit_head (
  one boolean primary key default true check (one),
  pos bigint not null,
  hash text not null,
  /* the last row that was cut off, and its digest */
  cut_pos bigint not null,
  cut_hash text not null
);
insert into kernel.audit_head (pos, hash, cut_pos, cut_hash) values (0, '', 0, '');

create function kernel.audit_append_only() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and current_setting('efir.audit_cut', true) = 'on' then
    return old;
  end if;
  raise exception 'the audit log is only appended to';
end $$;
create trigger audit_append_only before update or delete on kernel.audit for each row execute function kernel.audit_append_only();
