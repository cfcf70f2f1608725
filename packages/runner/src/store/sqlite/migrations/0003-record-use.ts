import type { Migration } from "./migration.ts";

/**
 * The day (since 1970, UTC) on which an answer was last used by a run that did not make it; null: by none. No check covers
 * it: a wrong one can only make `exp cache gc` keep or remove more. Everything else takes its age from its answers.
 *
 * The indexes are what removal asks by: who is this artifact, who asked this question. SQLite asks the same on every
 * deletion, to hold the references.
 */
export const recordUse: Migration = (connection) => {
  connection.exec(`
    alter table answer add column last_used_day integer;
    create index answer_by_artifact on answer (artifact);
    create index content_answer_by_artifact on content_answer (artifact);
    create index run_task_by_question on run_task (question);
  `);
};
