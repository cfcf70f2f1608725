import type { Fingerprint } from "../../hash/digests.ts";
import { costRuns, drawNumber } from "../store-arguments.ts";
import type { ComputedCost, CostQuery, PastCost, RunId } from "../store.ts";
import { entryCheck } from "./entry-check.ts";
import { isManifestIntact } from "./questions.ts";
import type { RunTable } from "./runs.ts";
import type { TableContext } from "./table-context.ts";

/** What computed tasks took. */
export interface TaskCostTable {
  /** Inside the caller's transaction, right after the end of the task. */
  save(task: number, of: { readonly run: RunId; readonly fingerprint: Fingerprint; readonly cost: ComputedCost }): void;
  find(query: CostQuery): readonly PastCost[];
  findOf(fingerprints: readonly Fingerprint[]): readonly PastCost[];
}

/** Of a hundred thousand questions, so many are asked for in one statement, to spare memory. */
const questionsAtOnce = 5000;

/** The columns of a cost, for `costCheck`. */
export const costColumns =
  "task_cost.task, task_cost.run, task_cost.op, draw, version, task_cost.seconds, members, rows_made, examples, " +
  "stored_bytes, input_bytes, output_bytes, peak_bytes, lower(hex(task_cost.entry_check)) as entry_check";

export function openTaskCosts(context: TableContext, runs: RunTable): TaskCostTable {
  const { connection } = context;
  const insert = connection.prepare(
    "insert into task_cost (task, run, op, draw, version, seconds, members, rows_made, examples, stored_bytes, input_bytes, " +
      "output_bytes, peak_bytes, entry_check) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, unhex(?))",
  );
  const selectRun = connection
    .prepare<[string, number], number | null>("select max(run) from task_cost where op = ? and run < ?")
    .pluck();
  const columns = `select ${costColumns}, lower(hex(fingerprint)) as fingerprint, manifest, lower(hex(question.entry_check)) as question_check`;
  const select = connection.prepare<[string, number, number], QuestionCostRow>(
    `${columns} from task_cost join run_task on run_task.id = task_cost.task join question on question.id = run_task.question ` +
      "where task_cost.op = ? and task_cost.run = ? order by draw, task_cost.task limit ?",
  );
  const selectOf = connection.prepare<[string], QuestionCostRow>(
    `${columns} from json_each(?) as asked join question on question.fingerprint = unhex(asked.value) ` +
      "join run_task on run_task.question = question.id join task_cost on task_cost.task = run_task.id " +
      "order by task_cost.task desc",
  );
  const remove = connection.prepare<[number]>("delete from task_cost where task = ?");

  const read = (rows: readonly QuestionCostRow[]): readonly PastCost[] =>
    rows.flatMap((row) => {
      if (row.entry_check !== costCheck(row)) {
        context.noteDamage(() => remove.run(row.task));
        return [];
      }
      const { fingerprint, manifest } = row;
      return isManifestIntact(fingerprint, { manifest, entry_check: row.question_check })
        ? [{ ...unpackCost(row), run: row.run, fingerprint, manifest }]
        : [];
    });

  return {
    save: (task, { run, fingerprint, cost }) => {
      const { op, version, seconds, members, examples, storedBytes, inputBytes, outputBytes, peakBytes } = cost;
      const row = {
        ...{ task, run, op, draw: drawNumber(fingerprint), version, seconds, members },
        ...{ rows_made: examples?.made ?? null, examples: examples?.total ?? null },
        ...{ stored_bytes: storedBytes, input_bytes: inputBytes, output_bytes: outputBytes, fingerprint },
        peak_bytes: peakBytes,
      };
      insert.run(...fieldsOf(row), row.peak_bytes, costCheck(row));
    },
    find: ({ op, tasks, tasksOfRun, isWanted }) => {
      const found: PastCost[] = [];
      let run = selectRun.get(op, Number.MAX_SAFE_INTEGER) ?? null;
      for (let looked = 0; run !== null && looked < costRuns && found.length < tasks; looked += 1) {
        const maker = runs.find(run);
        if (maker !== null && isWanted(maker)) {
          found.push(...read(select.all(op, run, Math.min(tasksOfRun, tasks - found.length))));
        }
        run = selectRun.get(op, run) ?? null;
      }
      return found;
    },
    findOf: (fingerprints) => {
      const found: PastCost[] = [];
      for (let start = 0; start < fingerprints.length; start += questionsAtOnce) {
        const asked = JSON.stringify(fingerprints.slice(start, start + questionsAtOnce));
        found.push(...read(selectOf.all(asked)));
      }
      return found;
    },
  };
}

export interface CostRow {
  readonly task: number;
  readonly run: RunId;
  readonly op: string;
  readonly draw: number;
  readonly version: number;
  readonly seconds: number;
  readonly members: number;
  readonly rows_made: number | null;
  readonly examples: number | null;
  readonly stored_bytes: number;
  readonly input_bytes: number;
  readonly output_bytes: number;
  readonly peak_bytes: number | null;
  readonly fingerprint: Fingerprint;
  readonly entry_check: string;
}

interface QuestionCostRow extends CostRow {
  readonly manifest: string;
  readonly question_check: string;
}

/** The check of a cost, which covers the question that it is of. Without a peak it is as before there were any. */
export function costCheck(row: Omit<CostRow, "entry_check">): string {
  const peak = row.peak_bytes === null ? [] : [row.peak_bytes];
  return entryCheck("task_cost", [...fieldsOf(row), row.fingerprint, ...peak]);
}

function fieldsOf(row: Omit<CostRow, "entry_check" | "fingerprint">): readonly (string | number | null)[] {
  return [
    ...[row.task, row.run, row.op, row.draw, row.version, row.seconds, row.members, row.rows_made, row.examples],
    ...[row.stored_bytes, row.input_bytes, row.output_bytes],
  ];
}

function unpackCost(row: CostRow): ComputedCost {
  const { op, version, seconds, members, rows_made: made, examples: total } = row;
  return {
    ...{ op, version, seconds, members, examples: made === null || total === null ? null : { made, total } },
    ...{ storedBytes: row.stored_bytes, inputBytes: row.input_bytes, outputBytes: row.output_bytes },
    peakBytes: row.peak_bytes,
  };
}
