import type { Migration } from "./migration.ts";

/**
 * What computed tasks took, for predictions. Found by op, then run, then in the order of a number that is drawn by the
 * task's question (`draw`), so that a few tasks of a run are a fair draw of all. A cost goes with the end of its task.
 */
export const noteTaskCosts: Migration = (connection) => {
  connection.exec(`
    create table task_cost (
      task integer primary key references run_task (id) on delete cascade,
      run integer not null,
      op text not null,
      draw integer not null,
      version integer not null,
      seconds real not null,
      members integer not null,
      rows_made integer,
      examples integer,
      stored_bytes integer not null,
      input_bytes integer not null,
      output_bytes integer not null,
      entry_check blob not null
    ) strict;
    create index task_cost_by_op on task_cost (op, run, draw);
  `);
};
