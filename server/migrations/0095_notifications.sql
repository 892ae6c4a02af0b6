create schema notifications;
-- Who was already called to a show, so that nobody is called twice.
create table notifications.called (show_id text collate "C" not null, email text not null, at timestamptz not null, primary key (show_id, email));
