-- Who may buy a lot: everybody; who has watched the show for a while; or those, by a draw among the first.
alter table lots.lot add column guard text not null default 'open' check (guard in ('open', 'watching', 'draw'));
