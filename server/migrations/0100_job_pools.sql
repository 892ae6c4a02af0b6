-- Which pool of workers belongs to which process. A process keeps an advisory lock (7302, its number) for as long as it lives: what a
-- pool of a process without that lock had begun is free for others.
create table kernel.job_pool (pool text primary key, process int not null, at timestamptz not null default now());
