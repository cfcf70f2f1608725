import type { Migration } from "./migration.ts";

/** Who is computing what at the moment. Numbers are never used twice: they are what a late answer is told by. */
export const createLeases: Migration = (connection) => {
  connection.exec(`
create table lease (
  number integer primary key autoincrement,
  work_key blob not null unique,
  holder text not null,
  host text not null,
  pid integer not null,
  process_start text,
  expires_at integer not null
) strict;
create index lease_by_holder on lease (holder);
`);
};
