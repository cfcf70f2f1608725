import type { Migration } from "./migration.ts";

/**
 * Of what weights that are downloaded consisted when they were read last, by their source: so that answers which were computed
 * with them are found after the files have left their cache. `files` is JSON.
 */
export const rememberWeights: Migration = (connection) => {
  connection.exec(`
    create table weight_source (
      source text primary key,
      files text not null,
      entry_check blob not null
    ) strict, without rowid;
  `);
};
