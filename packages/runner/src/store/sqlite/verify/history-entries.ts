import type { Digest, Fingerprint } from "../../../hash/digests.ts";
import { storedFileCheck } from "../file-digests.ts";
import { isQuestionIntact, type QuestionTable } from "../questions.ts";
import { runTaskCheck, type RunTaskRow } from "../run-tasks.ts";
import { isEndIntact, isRunIntact, type RunEndColumns, type RunRow, type RunTable } from "../runs.ts";
import { costCheck, costColumns, type CostRow } from "../task-costs.ts";
import type { TableContext } from "../table-context.ts";
import { weightSourceCheck, type WeightSourceRow } from "../weight-sources.ts";
import { entriesPerPage, type EntryTable } from "./verify-entries.ts";

type Run = Pick<RunRow, "program" | "started_at" | "environment" | "entry_check"> & { readonly id: number };

/** Runs that something refers to and that are not there: they are there again, without a program. */
export function lostRunEntries({ connection }: TableContext, runs: RunTable): EntryTable<{ readonly id: number }> {
  const select = connection.prepare<[number], { readonly id: number }>(
    "select distinct run as id from (select run from answer union select run from run_task union select run from " +
      "feature_shard union select run from asked_tasks) where id > ? " +
      `and not exists (select 1 from run where run.id = id) order by id limit ${String(entriesPerPage)}`,
  );
  return {
    name: "run",
    ...byNumber((after) => select.all(after)),
    isIntact: () => false,
    drop: ({ id }) => {
      runs.forget(id);
    },
  };
}

/** How runs ended: a damaged end goes, and the run counts as one that never came to it. */
export function runEndEntries(
  { connection }: TableContext,
  runs: RunTable,
): EntryTable<RunEndColumns & { id: number }> {
  const select = connection.prepare<[number], RunEndColumns & { id: number }>(
    "select id, finished_at, summary, lower(hex(end_check)) as end_check from run where end_check is not null " +
      `and id > ? order by id limit ${String(entriesPerPage)}`,
  );
  return {
    name: "run end",
    ...byNumber((after) => select.all(after)),
    isIntact: (row) => isEndIntact(row.id, row),
    drop: ({ id }) => {
      runs.forgetEnd(id);
    },
  };
}

/** Runs: a damaged one stays, without its program, since answers refer to it. */
export function runEntries({ connection }: TableContext, runs: RunTable): EntryTable<Run> {
  const select = connection.prepare<[number], Run>(
    "select id, program, started_at, environment, lower(hex(entry_check)) as entry_check from run " +
      `where id > ? order by id limit ${String(entriesPerPage)}`,
  );
  return {
    name: "run",
    ...byNumber((after) => select.all(after)),
    isIntact: isRunIntact,
    drop: ({ id }) => {
      runs.forget(id);
    },
  };
}

interface Question {
  readonly id: number;
  readonly fingerprint: Fingerprint;
  readonly manifest: string;
  readonly entry_check: string;
}

/** Questions: a damaged one stays, without its manifest, since answers and the ends of tasks refer to it. */
export function questionEntries({ connection }: TableContext, questions: QuestionTable): EntryTable<Question> {
  const select = connection.prepare<[number], Question>(
    "select id, lower(hex(fingerprint)) as fingerprint, manifest, lower(hex(entry_check)) as entry_check from question " +
      `where id > ? order by id limit ${String(entriesPerPage)}`,
  );
  return {
    name: "question",
    ...byNumber((after) => select.all(after)),
    isIntact: (row) => isQuestionIntact(row.fingerprint, row),
    drop: ({ fingerprint }) => {
      questions.forgetManifest(fingerprint);
    },
  };
}

/** The ends of tasks. One whose slot or question is not there is damaged. */
export function runTaskEntries({ connection }: TableContext): EntryTable<RunTaskRow> {
  const select = connection.prepare<[number], RunTaskRow>(
    "select run_task.id, coalesce(slot.name, '') as slot, run, lower(hex(question.fingerprint)) as fingerprint, outcome, " +
      "reason, seconds, track, started_ms, ended_ms, details, " +
      "lower(hex(run_task.entry_check)) as entry_check from run_task " +
      "left join slot on slot.id = run_task.slot left join question on question.id = run_task.question " +
      `where run_task.id > ? order by run_task.id limit ${String(entriesPerPage)}`,
  );
  const remove = connection.prepare<[number]>("delete from run_task where id = ?");
  return {
    name: "run_task",
    ...byNumber((after) => select.all(after)),
    isIntact: (row) => row.entry_check === runTaskCheck(row),
    drop: ({ id }) => {
      remove.run(id);
    },
  };
}

/** What computed tasks took. One whose task is not there is damaged. */
export function taskCostEntries({ connection }: TableContext): EntryTable<CostRow & { readonly id: number }> {
  const select = connection.prepare<[number], CostRow & { readonly id: number }>(
    `select task_cost.task as id, ${costColumns}, lower(hex(question.fingerprint)) as fingerprint from task_cost ` +
      "left join run_task on run_task.id = task_cost.task left join question on question.id = run_task.question " +
      `where task_cost.task > ? order by task_cost.task limit ${String(entriesPerPage)}`,
  );
  const remove = connection.prepare<[number]>("delete from task_cost where task = ?");
  return {
    name: "task_cost",
    ...byNumber((after) => select.all(after)),
    isIntact: (row) => row.entry_check === costCheck(row),
    drop: ({ id }) => {
      remove.run(id);
    },
  };
}

interface FileDigest {
  readonly file: Buffer;
  readonly state: Buffer;
  readonly digest: Digest;
  readonly entry_check: string;
}

export function fileDigestEntries({ connection }: TableContext): EntryTable<FileDigest> {
  const select = connection.prepare<[Buffer], FileDigest>(
    "select file, state, lower(hex(digest)) as digest, lower(hex(entry_check)) as entry_check from file_digest " +
      `where file > ? order by file limit ${String(entriesPerPage)}`,
  );
  const remove = connection.prepare<[Buffer]>("delete from file_digest where file = ?");
  return {
    name: "file_digest",
    selectAfter: ([key]) => select.all(key as Buffer),
    firstKey: [Buffer.alloc(0)],
    keyOf: ({ file }) => [file],
    isIntact: ({ file, state, digest, entry_check }) => entry_check === storedFileCheck(digest, file, state),
    drop: ({ file }) => {
      remove.run(file);
    },
  };
}

export function weightSourceEntries({ connection }: TableContext): EntryTable<WeightSourceRow> {
  const select = connection.prepare<[string], WeightSourceRow>(
    "select source, files, lower(hex(entry_check)) as entry_check from weight_source " +
      `where source > ? order by source limit ${String(entriesPerPage)}`,
  );
  const remove = connection.prepare<[string]>("delete from weight_source where source = ?");
  return {
    name: "weight_source",
    selectAfter: ([key]) => select.all((key as Buffer).toString()),
    firstKey: [Buffer.alloc(0)],
    keyOf: ({ source }) => [Buffer.from(source)],
    isIntact: (row) => row.entry_check === weightSourceCheck(row),
    drop: ({ source }) => {
      remove.run(source);
    },
  };
}

function byNumber<Row extends { readonly id: number }>(
  selectAfter: (id: number) => readonly Row[],
): Pick<EntryTable<Row>, "selectAfter" | "firstKey" | "keyOf"> {
  return { selectAfter: ([id]) => selectAfter(Number(id)), firstKey: [-1], keyOf: ({ id }) => [id] };
}
