import type { Fingerprint } from "../../../hash/digests.ts";
import { dayOf, millisecondsPerDay } from "../../upkeep.ts";
import { hashToBlob } from "../entry-check.ts";
import type { TableContext } from "../table-context.ts";

/** Notes the day on which answers were used. One made on that day needs no note: it is as young. */
export function openAnswerUses(context: TableContext) {
  const { connection } = context;
  const select = connection
    .prepare<[Buffer], number>(
      `select max(coalesce(last_used_day, 0), coalesce(run.started_at / ${String(millisecondsPerDay)}, 0)) from answer left join run on run.id = answer.run where fingerprint = ?`,
    )
    .pluck();
  const update = connection.prepare("update answer set last_used_day = ? where fingerprint = ?");
  return (fingerprints: readonly Fingerprint[], at: Date): void => {
    const day = dayOf(at);
    const keys = fingerprints.map(hashToBlob);
    const older: Buffer[] = [];
    context.read(() => {
      for (const key of keys) if ((select.get(key) ?? day) < day) older.push(key);
    });
    if (older.length === 0) return;
    context.write("note use", () => {
      for (const key of older) update.run(day, key);
    });
  };
}
