import type { Migration } from "./migration.ts";

/**
 * Where a shard's bytes lie: 0 is the main file, n the recipe's nth file of its own. No check covers the number: bytes that are
 * found in the wrong place fail the checks of their rows. The index answers how much of a recipe lies in the main file.
 */
export const addShardFiles: Migration = (connection) => {
  connection.exec(`
    alter table feature_shard add column file integer not null default 0;
    create index feature_shard_by_file on feature_shard (recipe, file, row_bytes);
  `);
};
