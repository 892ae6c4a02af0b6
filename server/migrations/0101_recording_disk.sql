-- The disk on which a recording lies until it is moved up; null when every process sees it where it is.
alter table media.recording add column disk text;
