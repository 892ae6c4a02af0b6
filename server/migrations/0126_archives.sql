-- What somebody asked to have of everything kept about them: a file in the storage for a week.
create table identity.archive (
  id text collate "C" primary key,
  person_id text collate "C" not null references identity.person (id),
  asked_at timestamptz not null,
  ready_at timestamptz,
  expires_at timestamptz
);
create index archive_of_person on identity.archive (person_id);
