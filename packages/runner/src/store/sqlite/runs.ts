import type { NewRun, RunId, StoredRun } from "../store.ts";
import { unknownRun } from "../store-arguments.ts";
import { entryCheck } from "./entry-check.ts";
import type { TableContext } from "./table-context.ts";

/** Runs: who made what, when. */
export interface RunTable {
  start(run: NewRun): RunId;
  finish(run: RunId, summary: string): void;
  /** @throws Error where the run was never started: an answer without a maker is a bug */
  require(run: RunId): void;
  find(run: RunId): StoredRun | null;
  /** Newest first. */
  findLast(limit: number): readonly StoredRun[];
  /**
   * Inside the caller's transaction. The run stays, or is there again, for what refers to it; nobody knows any more whose it
   * was.
   */
  forget(run: RunId): void;
  /** Inside the caller's transaction: the run counts as one that did not come to its end. */
  forgetEnd(run: RunId): void;
}

/** What stands for the program of a run that is lost. */
const lost = "";

export function openRuns(context: TableContext): RunTable {
  const { connection } = context;
  const select = connection.prepare<[number], RunRow>(
    "select program, started_at, environment, finished_at, summary, lower(hex(entry_check)) as entry_check, " +
      "lower(hex(end_check)) as end_check from run where id = ?",
  );
  const selectLast = connection.prepare<[number], number>("select id from run order by id desc limit ?").pluck();
  const insert = connection.prepare(
    "insert into run (program, started_at, environment, entry_check) values (?, ?, ?, unhex(?))",
  );
  const update = connection.prepare("update run set finished_at = ?, summary = ?, end_check = unhex(?) where id = ?");
  const replace = connection.prepare(
    "insert into run (program, started_at, environment, entry_check, id) values (?, ?, ?, unhex(?), ?) on conflict (id) " +
      "do update set (program, started_at, environment, entry_check) = " +
      "(excluded.program, excluded.started_at, excluded.environment, excluded.entry_check)",
  );
  const removeEnd = connection.prepare(
    "update run set finished_at = null, summary = null, end_check = null where id = ?",
  );

  const find = (run: RunId): StoredRun | null => {
    const row = select.get(run);
    if (row === undefined || row.program === lost) return null;
    const { program, started_at: startedAt, environment } = row;
    if (isRunIntact(row)) {
      return { run, program, startedAt: new Date(startedAt), environment, end: endOf(run, row) };
    }
    // Answers refer to the run: it stays, unreadable.
    context.noteDamage(() => undefined);
    return null;
  };

  return {
    start: ({ program, startedAt, environment }) => {
      const check = entryCheck("run", [program, startedAt.getTime(), environment]);
      let run = 0;
      context.write("start run", () => {
        run = Number(insert.run(program, startedAt.getTime(), environment, check).lastInsertRowid);
      });
      return run;
    },
    finish: (run, summary) => {
      context.write("finish run", () => {
        const finishedAt = Date.now();
        const check = endCheck(run, finishedAt, summary);
        if (update.run(finishedAt, summary, check, run).changes === 0) throw unknownRun(run);
      });
    },
    require: (run) => {
      if (select.get(run) === undefined) throw unknownRun(run);
    },
    find,
    findLast: (limit) => selectLast.all(limit).flatMap((run) => find(run) ?? []),
    forget: (run) => {
      // As young as it can be: what it made is not to be taken for old.
      const startedAt = Date.now();
      replace.run(lost, startedAt, "{}", entryCheck("run", [lost, startedAt, "{}"]), run);
    },
    forgetEnd: (run) => {
      removeEnd.run(run);
    },
  };
}

/** Whether a run is as it was begun; how it ended has a check of its own. */
export function isRunIntact({
  program,
  started_at,
  environment,
  entry_check,
}: Pick<RunRow, "program" | "started_at" | "environment" | "entry_check">): boolean {
  return entry_check === entryCheck("run", [program, started_at, environment]);
}

export interface RunRow {
  readonly program: string;
  readonly started_at: number;
  readonly environment: string;
  readonly finished_at: number | null;
  readonly summary: string | null;
  readonly entry_check: string;
  readonly end_check: string | null;
}

/** Null where the run has not ended, and where its end does not verify. */
function endOf(run: RunId, row: RunEndColumns): StoredRun["end"] {
  const { finished_at: finishedAt, summary } = row;
  if (finishedAt === null || summary === null || row.end_check === null || !isEndIntact(run, row)) return null;
  return { finishedAt: new Date(finishedAt), summary };
}

export type RunEndColumns = Pick<RunRow, "finished_at" | "summary" | "end_check">;

/** Whether the end of a run is as it was noted; true where it has none, and where it is older than such checks. */
export function isEndIntact(
  run: RunId,
  { finished_at: finishedAt, summary, end_check: check }: RunEndColumns,
): boolean {
  if (check === null) return true;
  return finishedAt !== null && summary !== null && check === endCheck(run, finishedAt, summary);
}

function endCheck(run: RunId, finishedAt: number, summary: string): string {
  return entryCheck("run end", [run, finishedAt, summary]);
}
