-- What each reader reacts to, so that pruning knows which old events somebody has yet to read. Null: not said yet, it may be any.
alter table kernel.event_cursor add column types text[];
