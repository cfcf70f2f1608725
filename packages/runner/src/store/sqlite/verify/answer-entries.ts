import type { Digest, Fingerprint } from "../../../hash/digests.ts";
import { answerCheck, type AnswerRow } from "../answers.ts";
import { contentCheck, type ContentAnswerRow } from "../content-answers.ts";
import { hashToBlob } from "../entry-check.ts";
import type { TableContext } from "../table-context.ts";
import { entriesPerPage, type EntryTable } from "./verify-entries.ts";
import type { VerifyRecord } from "./verify-record.ts";

type Answer = AnswerRow & { readonly fingerprint: Fingerprint; readonly isThere: number };

/** Answers: also one whose artifact is not there is damaged. */
export function answerEntries({ connection }: TableContext, record: VerifyRecord): EntryTable<Answer> {
  const select = connection.prepare<[Buffer], Answer>(
    "select lower(hex(fingerprint)) as fingerprint, lower(hex(artifact)) as artifact, kind, run, seconds, " +
      "lower(hex(entry_check)) as entry_check, exists (select 1 from artifact where digest = answer.artifact) as isThere " +
      `from answer where fingerprint > ? order by fingerprint limit ${String(entriesPerPage)}`,
  );
  const remove = connection.prepare("delete from answer where fingerprint = unhex(?)");
  return {
    name: "answer",
    selectAfter: ([key]) => select.all(key as Buffer),
    firstKey: [Buffer.alloc(0)],
    keyOf: ({ fingerprint }) => [Buffer.from(fingerprint, "hex")],
    isIntact: (row) => row.isThere === 1 && row.entry_check === answerCheck(row.fingerprint, row),
    drop: ({ fingerprint }) => {
      record.loseAnswer(fingerprint);
      remove.run(fingerprint);
    },
  };
}

type ContentAnswer = ContentAnswerRow & { readonly isThere: number };

/** Content answers: also one whose artifact is not there is damaged. */
export function contentAnswerEntries({ connection }: TableContext): EntryTable<ContentAnswer> {
  const select = connection.prepare<[Buffer, Buffer], ContentAnswer>(
    "select lower(hex(recipe)) as recipe, lower(hex(content_key)) as content_key, inputs, kind, " +
      "lower(hex(artifact)) as artifact, lower(hex(entry_check)) as entry_check, " +
      "exists (select 1 from artifact where digest = content_answer.artifact) as isThere from content_answer " +
      `where (recipe, content_key) > (?, ?) order by recipe, content_key limit ${String(entriesPerPage)}`,
  );
  const remove = connection.prepare("delete from content_answer where recipe = unhex(?) and content_key = unhex(?)");
  return {
    name: "content_answer",
    selectAfter: ([recipe, key]) => select.all(recipe as Buffer, key as Buffer),
    firstKey: [Buffer.alloc(0), Buffer.alloc(0)],
    keyOf: ({ recipe, content_key }) => [Buffer.from(recipe, "hex"), Buffer.from(content_key, "hex")],
    isIntact: ({ content_key, recipe, inputs, artifact, kind, entry_check, isThere }) =>
      isThere === 1 && entry_check === contentCheck([content_key, recipe, inputs, artifact, kind]),
    drop: ({ recipe, content_key }) => {
      remove.run(recipe, content_key);
    },
  };
}

/** The answers that an artifact is. */
export function answersOfArtifact({ connection }: TableContext): (artifact: Digest) => readonly Fingerprint[] {
  const select = connection
    .prepare<[Buffer], Fingerprint>("select lower(hex(fingerprint)) from answer where artifact = ?")
    .pluck();
  return (artifact) => select.all(hashToBlob(artifact));
}
