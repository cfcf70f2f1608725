import type { Digest } from "../../../hash/digests.ts";
import type { ArtifactTable } from "../artifacts.ts";
import { readPages } from "../pages.ts";
import type { TableContext } from "../table-context.ts";
import { answersOfArtifact } from "./answer-entries.ts";
import type { VerifyRecord } from "./verify-record.ts";

/** Holds the bytes of every artifact against its digest, a piece of a few megabytes at a time. */
export function* verifyArtifacts(context: TableContext, artifacts: ArtifactTable, record: VerifyRecord): Generator {
  const select = context.connection.prepare<[number], { readonly id: number; readonly digest: Digest }>(
    "select id, lower(hex(digest)) as digest from artifact where id > ? order by id limit 50",
  );
  const answersOf = answersOfArtifact(context);
  const pages = readPages({
    selectAfter: ([id]) => select.all(Number(id)),
    firstKey: [-1],
    keyOf: ({ id }) => [id],
  });
  let sinceYield = 0;
  for (const page of pages) {
    for (const { digest } of page) {
      const answers = answersOf(digest);
      const reading = artifacts.verify(digest);
      let step = reading.next();
      for (; step.done !== true; step = reading.next()) {
        record.readBytes(step.value);
        sinceYield += step.value;
        if (sinceYield < bytesPerSlice) continue;
        sinceYield = 0;
        yield;
      }
      record.check("artifact", 1);
      if (step.value) continue;
      record.damage("artifact");
      for (const fingerprint of answers) record.loseAnswer(fingerprint);
    }
    yield;
  }
  removeStrayChunks(context, record);
}

const bytesPerSlice = 4 << 20;

/** Pieces whose artifact is not there: nobody would ever read them. */
function removeStrayChunks(context: TableContext, record: VerifyRecord): void {
  const isStray = "id >> 20 not in (select id from artifact)";
  const count = context.connection
    .prepare<[], number>(`select count(*) from artifact_chunk where ${isStray}`)
    .pluck()
    .get();
  if (count === undefined || count === 0) return;
  record.damage("artifact_chunk", count);
  const remove = context.connection.prepare(`delete from artifact_chunk where ${isStray}`);
  context.noteDamage(() => remove.run());
}
