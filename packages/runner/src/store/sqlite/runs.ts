import type { NewRun, RunId } from "../store.ts";
import { unknownRun } from "../store-arguments.ts";
import { entryCheck } from "./entry-check.ts";
import type { TableContext } from "./table-context.ts";

/** Runs: who made what, when. */
export interface RunTable {
  start(run: NewRun): RunId;
  finish(run: RunId, summary: string): void;
  /** @throws Error where the run was never started: an answer without a maker is a bug */
  require(run: RunId): void;
  find(run: RunId): { readonly program: string; readonly startedAt: Date } | null;
}

export function openRuns(context: TableContext): RunTable {
  const { connection } = context;
  const select = connection.prepare<[number], RunRow>(
    "select program, started_at, environment, lower(hex(entry_check)) as entry_check from run where id = ?",
  );
  const insert = connection.prepare(
    "insert into run (program, started_at, environment, entry_check) values (?, ?, ?, unhex(?))",
  );
  const update = connection.prepare("update run set finished_at = ?, summary = ? where id = ?");

  return {
    start: ({ program, startedAt, environment }) => {
      const check = entryCheck("run", [program, startedAt.getTime(), environment]);
      let run = 0;
      context.write(() => {
        run = Number(insert.run(program, startedAt.getTime(), environment, check).lastInsertRowid);
      });
      return run;
    },
    finish: (run, summary) => {
      context.write(() => {
        if (update.run(Date.now(), summary, run).changes === 0) throw unknownRun(run);
      });
    },
    require: (run) => {
      if (select.get(run) === undefined) throw unknownRun(run);
    },
    find: (run) => {
      const row = select.get(run);
      if (row === undefined) return null;
      const check = entryCheck("run", [row.program, row.started_at, row.environment]);
      if (row.entry_check === check) return { program: row.program, startedAt: new Date(row.started_at) };
      // Answers refer to the run: it stays, unreadable.
      context.noteDamage(() => undefined);
      return null;
    },
  };
}

interface RunRow {
  readonly program: string;
  readonly started_at: number;
  readonly environment: string;
  readonly entry_check: string;
}
