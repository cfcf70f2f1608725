import type { Migration } from "./migration.ts";

/** The most memory that a task's workers held; null where that is not known. */
export const notePeakMemory: Migration = (connection) => {
  connection.exec("alter table task_cost add column peak_bytes integer");
};
