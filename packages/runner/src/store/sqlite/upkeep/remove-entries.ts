import type { Transaction } from "../../fail-points.ts";
import type { StoreRemoval } from "../../upkeep.ts";
import type { AnswerTable } from "../answers.ts";
import { hashToBlob } from "../entry-check.ts";
import type { RowTable } from "../rows.ts";
import type { TableContext } from "../table-context.ts";

export interface RemovalTables {
  readonly context: TableContext;
  readonly answers: AnswerTable;
  readonly rows: RowTable;
}

/**
 * First what refers, then what was referred to: wherever it is killed, every answer that is left has its artifact, and what
 * nothing refers to any more is found again by the next removal.
 */
export function* removeEntries(
  { context, answers, rows }: RemovalTables,
  removal: StoreRemoval,
): Generator<void, void> {
  const { connection } = context;
  const removeAnswer = connection.prepare<[Buffer]>("delete from answer where fingerprint = ?");
  const removeContent = connection.prepare<[Buffer, Buffer]>(
    "delete from content_answer where recipe = ? and content_key = ?",
  );
  yield* inBatches(
    context,
    { name: "remove content answers", entries: removal.contentAnswers, size: 200 },
    ({ recipe, key }) => removeContent.run(hashToBlob(recipe), hashToBlob(key)),
  );
  // After the content answers, which have no age of their own: without the answer, they would be kept as if used today.
  yield* inBatches(context, { name: "remove answers", entries: removal.answers, size: 200 }, (fingerprint) =>
    removeAnswer.run(hashToBlob(fingerprint)),
  );
  yield* inBatches(context, { name: "remove artifacts", entries: removal.artifacts, size: 5 }, (digest) => {
    answers.artifacts.removeUnused(digest);
  });
  for (const { id, recipe: hash, examples } of removal.rows) {
    const recipe = rows.recipes.find(hash);
    if (recipe !== null) rows.shards.removeRows(recipe, id, new Set(examples));
    yield;
  }
  if (removal.historyBefore !== null) yield* removeHistory(context, removal.historyBefore);
}

interface Batches<Entry> {
  readonly name: Transaction;
  readonly entries: readonly Entry[];
  /** How many go in one transaction. */
  readonly size: number;
}

function* inBatches<Entry>(
  context: TableContext,
  { name, entries, size }: Batches<Entry>,
  remove: (entry: Entry) => unknown,
): Generator<void, void> {
  for (let start = 0; start < entries.length; start += size) {
    context.write(name, () => {
      entries.slice(start, start + size).forEach(remove);
    });
    yield;
  }
}

/** See `StoreRemoval.historyBefore`. */
function* removeHistory(context: TableContext, before: Date): Generator<void, void> {
  const steps = [
    "delete from run_task where id in (select run_task.id from run_task join run on run.id = run_task.run " +
      "join question on question.id = run_task.question where run.started_at < ? " +
      "and not exists (select 1 from answer where answer.fingerprint = question.fingerprint) " +
      "and run_task.id < (select max(id) from run_task as other where other.slot = run_task.slot) limit 200)",
    "delete from question where id in (select id from question where ? is not null " +
      "and not exists (select 1 from answer where answer.fingerprint = question.fingerprint) " +
      "and not exists (select 1 from run_task where run_task.question = question.id) limit 200)",
    "delete from run where id in (select id from run where started_at < ? " +
      "and not exists (select 1 from answer where answer.run = run.id) " +
      "and not exists (select 1 from run_task where run_task.run = run.id) " +
      "and not exists (select 1 from feature_shard where feature_shard.run = run.id) limit 10)",
    "delete from asked_part where id in (select id from asked_part where ? is not null " +
      "and not exists (select 1 from asked_tasks where asked_tasks.part = asked_part.id) limit 10)",
  ];
  for (const step of steps) {
    const statement = context.connection.prepare(step);
    for (let changes = -1; changes !== 0;) {
      context.write("remove history", () => {
        changes = statement.run(before.getTime()).changes;
      });
      yield;
    }
  }
}
