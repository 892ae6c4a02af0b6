-- What happened, append only, written in the transaction of the change. `pos` is given afterwards by the one sequencer:
-- gapless, in an order that respects causes, so that readers need a single number as cursor.
create table kernel.event (
  id bigint generated always as identity primary key,
  pos bigint unique,
  type text not null,
  at timestamptz not null,
  /* the room (show), shop or person it concerns, for readers that follow one */
  topic text collate "C",
  body jsonb not null
);
create index event_unplaced on kernel.event (id) where pos is null;
create index event_topic on kernel.event (topic, pos) where topic is not null;

create table kernel.event_head (one boolean primary key default true check (one), pos bigint not null);
insert into kernel.event_head (pos) values (0);

create table kernel.event_cursor (reader text primary key, pos bigint not null);

-- Jobs of the stepped driver (simulation, tests); production uses graphile_worker.
create table kernel.stepped_job (
  id bigint generated always as identity primary key,
  name text not null,
  payload jsonb not null,
  run_at timestamptz not null,
  key text unique,
  attempts int not null default 0
);

create table kernel.setting (name text primary key, value jsonb not null);

create table kernel.event_failed (reader text not null, pos bigint not null, problem text not null, at timestamptz not null, primary key (reader, pos));

-- Gives positions to committed events. The head row's lock makes callers take turns, so positions become visible in order.
create function kernel.place_events(at_most int) returns bigint language plpgsql as $$
declare head bigint; placed int;
begin
  if not exists (select from kernel.event where pos is null) then
    return (select pos from kernel.event_head);
  end if;
  select pos into head from kernel.event_head for update;
  with batch as (
    select id, row_number() over (order by id) as n from (select id from kernel.event where pos is null order by id limit at_most) b
  )
  update kernel.event e set pos = head + batch.n from batch where e.id = batch.id;
  get diagnostics placed = row_count;
  update kernel.event_head set pos = head + placed;
  return head + placed;
end $$;

create table kernel.mail_box (id bigint generated always as identity primary key, at timestamptz not null, letter jsonb not null);
