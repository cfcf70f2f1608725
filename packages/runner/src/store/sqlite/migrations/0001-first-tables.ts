import { randomBytes } from "node:crypto";
import { entryCheck } from "../entry-check.ts";
import type { Migration } from "./migration.ts";

/**
 * Every table carries `entry_check`, over key and value, but for bytes that something else vouches for: an artifact's by
 * their digest, a shard's rows by the checks in its header, which also repeats the digests of their examples. There is no
 * table with an entry per row: the headers say it all, and a process makes its index from them.
 * Numbers of shards are never used twice, so that a process notices that a shard which it knew has gone.
 */
export const createFirstTables: Migration = (connection) => {
  connection.exec(tables);
  const key = randomBytes(32);
  connection
    .prepare("insert into secret (name, value, entry_check) values ('pseudonym key', ?, unhex(?))")
    .run(key, entryCheck("secret", ["pseudonym key"], key));
};

const tables = `
create table secret (
  name text primary key,
  value blob not null,
  entry_check blob not null
) strict, without rowid;

create table run (
  id integer primary key,
  program text not null,
  started_at integer not null,
  environment text not null,
  entry_check blob not null,
  finished_at integer,
  summary text
) strict;

create table question (
  id integer primary key,
  fingerprint blob not null unique,
  manifest text not null,
  entry_check blob not null
) strict;

create table artifact (
  id integer primary key,
  digest blob not null unique,
  kind text not null,
  size integer not null,
  entry_check blob not null
) strict;

create table artifact_chunk (
  id integer primary key,
  bytes blob not null
) strict;

create table answer (
  fingerprint blob primary key references question (fingerprint),
  artifact blob not null references artifact (digest),
  kind text not null,
  run integer not null references run (id),
  seconds real not null,
  entry_check blob not null
) strict, without rowid;

create table content_answer (
  recipe blob not null,
  content_key blob not null,
  inputs text not null,
  artifact blob not null references artifact (digest),
  kind text not null,
  entry_check blob not null,
  primary key (recipe, content_key)
) strict, without rowid;

create table recipe (
  id integer primary key,
  hash blob not null unique,
  layout text not null,
  entry_check blob not null
) strict;

create table feature_shard (
  id integer primary key autoincrement,
  recipe integer not null references recipe (id),
  run integer not null references run (id),
  made_by text not null,
  row_count integer not null,
  row_bytes integer not null,
  header blob not null,
  entry_check blob not null
) strict;
create index feature_shard_by_recipe on feature_shard (recipe);

create table feature_shard_rows (
  shard integer primary key references feature_shard (id),
  bytes blob not null
) strict;

create table slot (
  id integer primary key,
  name text not null unique
) strict;

create table run_task (
  id integer primary key,
  run integer not null references run (id),
  slot integer not null references slot (id),
  question integer not null references question (id),
  outcome text not null,
  reason text,
  seconds real not null,
  entry_check blob not null
) strict;
create index run_task_by_slot on run_task (slot);

create table file_digest (
  file blob primary key,
  state blob not null,
  digest blob not null,
  entry_check blob not null
) strict, without rowid;
`;
