import { canonicalJson } from "../../hash/canonical-json.ts";
import type { ContentKey, Digest, Recipe } from "../../hash/digests.ts";
import type { ContentAnswer, NewContentAnswer } from "../store.ts";
import { entryCheck, hashToBlob } from "./entry-check.ts";
import type { TableContext } from "./table-context.ts";

/** Answers by the bytes of their inputs. */
export interface ContentAnswerTable {
  /** Inside the caller's transaction, after the artifact. One that is there and intact is left as it is. */
  save(content: NewContentAnswer, answer: { readonly artifact: Digest; readonly kind: string }): void;
  find(recipe: Recipe, key: ContentKey): ContentAnswer | null;
}

export function openContentAnswers(context: TableContext): ContentAnswerTable {
  const { connection } = context;
  const fields =
    "lower(hex(content_key)) as content_key, lower(hex(recipe)) as recipe, inputs, content_answer.kind, " +
    "lower(hex(content_answer.artifact)) as artifact, lower(hex(content_answer.entry_check)) as entry_check";
  const select = connection.prepare<[Buffer, Buffer], ContentAnswerRow>(
    `select ${fields} from content_answer join artifact on artifact.digest = content_answer.artifact ` +
      "where recipe = ? and content_key = ?",
  );
  const replace = connection.prepare(
    "insert or replace into content_answer (recipe, content_key, inputs, artifact, kind, entry_check) values (?, ?, ?, ?, ?, unhex(?))",
  );
  const remove = connection.prepare("delete from content_answer where recipe = unhex(?) and content_key = unhex(?)");

  const find = (asked: Recipe, key: ContentKey): ContentAnswer | null => {
    const row = select.get(hashToBlob(asked), hashToBlob(key));
    if (row === undefined) return null;
    const { content_key, recipe, inputs, artifact, kind } = row;
    if (row.entry_check === contentCheck([content_key, recipe, inputs, artifact, kind])) {
      return { inputs: JSON.parse(inputs) as Readonly<Record<string, Digest>>, artifact, kind };
    }
    context.noteDamage(() => remove.run(recipe, content_key));
    return null;
  };

  return {
    save: ({ key, recipe, inputs }, { artifact, kind }) => {
      if (find(recipe, key) !== null) return;
      const text = canonicalJson(inputs);
      const check = contentCheck([key, recipe, text, artifact, kind]);
      replace.run(hashToBlob(recipe), hashToBlob(key), text, hashToBlob(artifact), kind, check);
    },
    find,
  };
}

export interface ContentAnswerRow {
  readonly content_key: string;
  readonly recipe: string;
  readonly inputs: string;
  readonly artifact: Digest;
  readonly kind: string;
  readonly entry_check: string;
}

export function contentCheck(fields: readonly string[]): string {
  return entryCheck("content_answer", fields);
}
