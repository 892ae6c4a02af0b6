-- How many lots a show has: written by the lots on the right, read by every card of a show.
alter table shows.show add column lots int not null default 0;
update shows.show s set lots = n.lots
  from (select show_id, count(*) as lots from lots.lot where removed_at is null group by show_id) n where n.show_id = s.id;
