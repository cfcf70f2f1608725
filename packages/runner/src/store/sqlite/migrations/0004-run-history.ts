import type { Migration } from "./migration.ts";

/**
 * What a run did, for `why`, `diff` and `trace`. What a run asked stands apart from the questions themselves, so that it
 * outlives them; its parts are named by their digests, so that a run which repeats another one adds next to nothing.
 */
export const addRunHistory: Migration = (connection) => {
  connection.exec(changes);
};

const changes = `
alter table run add column end_check blob;

alter table run_task add column track integer;
alter table run_task add column started_ms real;
alter table run_task add column ended_ms real;
alter table run_task add column details text;
create index run_task_by_run on run_task (run);
create index if not exists answer_by_artifact on answer (artifact);

create table asked_part (
  id integer primary key,
  digest blob not null unique,
  tasks text not null
) strict;

create table asked_tasks (
  run integer not null references run (id) on delete cascade,
  position integer not null,
  parts integer not null,
  part integer not null references asked_part (id),
  entry_check blob not null,
  primary key (run, position)
) strict, without rowid;
`;
