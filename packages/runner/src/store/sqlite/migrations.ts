import { createFirstTables } from "./migrations/0001-first-tables.ts";
import { createLeases } from "./migrations/0002-leases.ts";
import { recordUse } from "./migrations/0003-record-use.ts";
import { addRunHistory } from "./migrations/0004-run-history.ts";
import { noteTaskCosts } from "./migrations/0005-task-costs.ts";
import { notePeakMemory } from "./migrations/0006-peak-memory.ts";
import { addShardFiles } from "./migrations/0007-shard-files.ts";
import { rememberWeights } from "./migrations/0008-weight-sources.ts";
import type { Migration } from "./migrations/migration.ts";

/** From an empty file to the newest schema. Append only: a store's `user_version` counts those that it has seen. */
export const migrations: readonly Migration[] = [
  createFirstTables,
  createLeases,
  recordUse,
  addRunHistory,
  noteTaskCosts,
  notePeakMemory,
  addShardFiles,
  rememberWeights,
];
