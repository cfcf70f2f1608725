import type { Fingerprint } from "../../../hash/digests.ts";
import type { VerifyProgress, VerifyReport } from "../../upkeep.ts";
import type { AnswerTable } from "../answers.ts";
import type { AskedTaskTable } from "../asked-tasks.ts";
import { readPseudonymKey } from "../pseudonym-key.ts";
import type { RowTable } from "../rows.ts";
import type { RunTable } from "../runs.ts";
import type { ShardStore } from "../shard-files/shard-store.ts";
import type { StatisticsReader } from "../statistics.ts";
import { isCorruption } from "../store-errors.ts";
import type { TableContext } from "../table-context.ts";
import { answerEntries, contentAnswerEntries } from "./answer-entries.ts";
import {
  fileDigestEntries,
  weightSourceEntries,
  lostRunEntries,
  questionEntries,
  runEndEntries,
  runEntries,
  runTaskEntries,
  taskCostEntries,
} from "./history-entries.ts";
import { verifyArtifacts } from "./verify-artifacts.ts";
import { verifyAskedTasks } from "./verify-asked-tasks.ts";
import { verifyEntries } from "./verify-entries.ts";
import { findFileDamage, mendFile } from "./verify-file.ts";
import { createVerifyRecord, type VerifyRecord } from "./verify-record.ts";
import { verifyRows } from "./verify-rows.ts";
import { verifyShardFiles } from "./verify-shard-files.ts";

/** What a verification goes through. */
export interface VerifiedTables {
  readonly context: TableContext;
  readonly runs: RunTable;
  readonly answers: AnswerTable;
  readonly askedTasks: AskedTaskTable;
  readonly rows: RowTable;
  readonly payloads: ShardStore;
  readonly statistics: StatisticsReader;
}

/**
 * Every entry of every table, the bytes last: what refers to something dropped is found after it. A file whose trees are
 * damaged is looked at again at the end, since dropping entries may have been all that it needed.
 * @throws StoreError `store-damaged` where the file is not whole at the end, or the pseudonym key is lost
 */
export function* verifyStore(tables: VerifiedTables, path: string): Generator<VerifyProgress, VerifyReport> {
  const { context, statistics } = tables;
  const record = createVerifyRecord();
  const { artifactBytes, rowBytes } = statistics.read();
  const progress = (): VerifyProgress => ({ bytes: record.bytes(), totalBytes: artifactBytes + rowBytes });
  yield progress();
  const damage = findFileDamage(context);
  yield progress();
  readPseudonymKey(context, path);
  record.check("secret", 1);
  let isLedAstray = false;
  for (const part of partsOf(tables, record)) {
    try {
      for (const _ of part()) yield progress();
    } catch (error) {
      if (!isCorruption(error)) throw error;
      isLedAstray = true;
    }
    yield progress();
  }
  const slots = slotsOf(context, record.lostAnswers());
  if (damage !== null || isLedAstray) {
    mendFile(context, path, damage ?? "a table cannot be read to its end");
    record.damage("index");
  }
  return record.report(slots);
}

/** Every table with a check of its own. A new table is a line here; what refers to bytes comes after them. */
function partsOf(
  { context, runs, answers, askedTasks, rows, payloads }: VerifiedTables,
  record: VerifyRecord,
): readonly (() => Generator<unknown, void>)[] {
  return [
    () => verifyEntries(lostRunEntries(context, runs), context, record),
    () => verifyEntries(runEntries(context, runs), context, record),
    () => verifyEntries(runEndEntries(context, runs), context, record),
    () => verifyEntries(questionEntries(context, answers.questions), context, record),
    () => verifyArtifacts(context, answers.artifacts, record),
    () => verifyEntries(answerEntries(context, record), context, record),
    () => verifyEntries(contentAnswerEntries(context), context, record),
    () => verifyRows(context, { rows, runs }, record),
    () => verifyShardFiles(context, { rows, payloads }, record),
    () => verifyEntries(runTaskEntries(context), context, record),
    () => verifyEntries(taskCostEntries(context), context, record),
    () => verifyAskedTasks(context, askedTasks, record),
    () => verifyEntries(fileDigestEntries(context), context, record),
    () => verifyEntries(weightSourceEntries(context), context, record),
  ];
}

function slotsOf({ connection }: TableContext, answers: readonly Fingerprint[]): readonly string[] {
  const select = connection
    .prepare<[string], string>(
      "select distinct slot.name from question join run_task on run_task.question = question.id " +
        "join slot on slot.id = run_task.slot where question.fingerprint = unhex(?)",
    )
    .pluck();
  return [...new Set(answers.flatMap((fingerprint) => select.all(fingerprint)))];
}
