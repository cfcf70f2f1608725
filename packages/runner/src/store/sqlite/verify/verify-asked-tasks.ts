import type { AskedTaskTable } from "../asked-tasks.ts";
import type { TableContext } from "../table-context.ts";
import type { VerifyRecord } from "./verify-record.ts";

/** What each run asked, run by run; reading it takes a damaged one away. */
export function* verifyAskedTasks(
  { connection }: TableContext,
  askedTasks: AskedTaskTable,
  record: VerifyRecord,
): Generator<void, void> {
  const runs = connection.prepare<[], number>("select distinct run from asked_tasks order by run").pluck().all();
  for (const run of runs) {
    record.check("asked_tasks", 1);
    if (askedTasks.read(run) === null) record.damage("asked_tasks");
    yield;
  }
}
