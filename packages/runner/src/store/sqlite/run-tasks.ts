import type { Digest, Fingerprint } from "../../hash/digests.ts";
import { formerEnds } from "../store-arguments.ts";
import type { EndedRunTask, RunId, RunTask, StoredRunTask } from "../store.ts";
import type { AnswerTable } from "./answers.ts";
import { entryCheck } from "./entry-check.ts";
import type { RunTable } from "./runs.ts";
import { openTaskCosts, type TaskCostTable } from "./task-costs.ts";
import { packTimes, unpackTimes, type TimeColumns } from "./task-times.ts";
import type { TableContext } from "./table-context.ts";

/** How tasks ended, run by run. */
export interface RunTaskTable {
  save(task: RunTask): void;
  noteStored(run: RunId, tasks: readonly { readonly slot: string; readonly fingerprint: Fingerprint }[]): void;
  findLast(slot: string, limit: number): readonly StoredRunTask[];
  /** In the order in which they ended. */
  findOfRun(run: RunId): readonly EndedRunTask[];
  findFormerAnswers(slots: readonly string[]): ReadonlyMap<string, Digest>;
  readonly costs: TaskCostTable;
}

/** Of a hundred thousand slots, so many are asked for in one statement, to spare memory. */
const slotsAtOnce = 5000;

export function openRunTasks(context: TableContext, runs: RunTable, answers: AnswerTable): RunTaskTable {
  const { connection } = context;
  const insertSlot = connection.prepare("insert into slot (name) values (?) on conflict (name) do nothing");
  const selectSlot = connection.prepare<[string], number>("select id from slot where name = ?").pluck();
  const insert = connection.prepare(
    "insert into run_task (run, slot, question, outcome, reason, seconds, track, started_ms, ended_ms, details, entry_check) " +
      "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, unhex(?))",
  );
  const ends =
    "select run_task.id, slot.name as slot, run, lower(hex(fingerprint)) as fingerprint, outcome, reason, seconds, " +
    "track, started_ms, ended_ms, details, " +
    "lower(hex(run_task.entry_check)) as entry_check from slot join run_task on run_task.slot = slot.id " +
    "join question on question.id = run_task.question";
  const select = connection.prepare<[string, number], RunTaskRow>(
    `${ends} where slot.name = ? order by run_task.id desc limit ?`,
  );
  const selectNewest = connection.prepare<[string], RunTaskRow>(
    `${ends} where slot.name in (select value from json_each(?)) ` +
      "and run_task.id = (select max(id) from run_task where slot = slot.id)",
  );
  const selectOfRun = connection.prepare<[number], RunTaskRow>(`${ends} where run = ? order by run_task.id`);
  const selectQuestion = connection
    .prepare<[string], number>("select id from question where fingerprint = unhex(?)")
    .pluck();
  const remove = connection.prepare<[number]>("delete from run_task where id = ?");

  const costs = openTaskCosts(context, runs);
  const insertTask = (task: Omit<RunTask, "manifest">, question: number): void => {
    const { run, slot, fingerprint, outcome, reason, seconds, cost } = task;
    insertSlot.run(slot);
    const { track, started_ms, ended_ms, details } = packTimes(task.times);
    const check = runTaskCheck({ ...task, track, started_ms, ended_ms, details });
    const { lastInsertRowid: id } = insert.run(
      ...[run, selectSlot.get(slot), question, outcome, reason, seconds],
      ...[track, started_ms, ended_ms, details, check],
    );
    if (cost !== undefined) costs.save(Number(id), { run, fingerprint, cost });
  };
  function* newestEnds(slots: readonly string[]): Generator<RunTaskRow, void> {
    for (let start = 0; start < slots.length; start += slotsAtOnce) {
      yield* selectNewest.all(JSON.stringify(slots.slice(start, start + slotsAtOnce)));
    }
  }

  const isIntact = (row: RunTaskRow): boolean => {
    if (row.entry_check === runTaskCheck(row)) return true;
    context.noteDamage(() => remove.run(row.id));
    return false;
  };

  return {
    save: (task) => {
      context.write("save run task", () => {
        runs.require(task.run);
        insertTask(task, answers.questions.save(task.fingerprint, task.manifest));
      });
    },
    noteStored: (run, tasks) => {
      const asked = new Map<string, Fingerprint>();
      for (const { slot, fingerprint } of newestEnds(tasks.map(({ slot }) => slot))) asked.set(slot, fingerprint);
      const isNews = tasks.filter(({ slot, fingerprint }) => asked.get(slot) !== fingerprint);
      if (isNews.length === 0) return;
      context.write("note stored tasks", () => {
        runs.require(run);
        for (const { slot, fingerprint } of isNews) {
          const question = selectQuestion.get(fingerprint);
          if (question === undefined) continue;
          insertTask({ run, slot, fingerprint, outcome: "cached", reason: "stored", seconds: 0 }, question);
        }
      });
    },
    findLast: (slot, limit) =>
      select.all(slot, limit).flatMap((row) => {
        const { run, fingerprint, outcome, reason } = row;
        const maker = isIntact(row) ? runs.find(run) : null;
        return maker === null ? [] : [{ run, startedAt: maker.startedAt, fingerprint, outcome, reason }];
      }),
    findOfRun: (run) =>
      selectOfRun.all(run).flatMap((row) => {
        const { slot, fingerprint, outcome, reason, seconds } = row;
        return isIntact(row) ? [{ slot, fingerprint, outcome, reason, seconds, times: unpackTimes(row) }] : [];
      }),
    findFormerAnswers: (slots) => {
      const found = new Map<string, Digest>();
      const damaged = new Set<number | Fingerprint>();
      const answerOf = (row: RunTaskRow): Digest | null => {
        const isSound = row.entry_check === runTaskCheck(row);
        const answer = isSound ? answers.read(row.fingerprint) : null;
        if (!isSound) damaged.add(row.id);
        if (answer !== "damaged") return answer?.artifact ?? null;
        damaged.add(row.fingerprint);
        return null;
      };
      context.read(() => {
        for (const newest of newestEnds(slots)) {
          // The newest end nearly always has an answer; the older ones are asked for only where it has none.
          let former = answerOf(newest);
          if (former === null) {
            for (const row of select.all(newest.slot, formerEnds).slice(1)) former ??= answerOf(row);
          }
          if (former !== null) found.set(newest.slot, former);
        }
      });
      for (const entry of damaged) {
        if (typeof entry === "number") context.noteDamage(() => remove.run(entry));
        else answers.noteDamaged(entry);
      }
      return found;
    },
    costs,
  };
}

export interface RunTaskRow extends TimeColumns {
  readonly id: number;
  readonly slot: string;
  readonly run: number;
  readonly fingerprint: Fingerprint;
  readonly outcome: string;
  readonly reason: string | null;
  readonly seconds: number;
  readonly entry_check: string;
}

/** Tasks without times are checked as they were before times were kept. */
export function runTaskCheck(task: Omit<RunTaskRow, "id" | "entry_check">): string {
  const { run, slot, fingerprint, outcome, reason, seconds, track, started_ms, ended_ms, details } = task;
  const times = track === null ? [] : [track, started_ms, ended_ms, details];
  return entryCheck("run_task", [run, slot, fingerprint, outcome, reason, seconds, ...times]);
}
