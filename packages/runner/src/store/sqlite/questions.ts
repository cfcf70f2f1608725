import type { Fingerprint } from "../../hash/digests.ts";
import { entryCheck, hashToBlob } from "./entry-check.ts";
import type { TableContext } from "./table-context.ts";

/** Questions: the readable manifests behind fingerprints. */
export interface QuestionTable {
  /** Inside the caller's transaction. Returns the question's row; a damaged manifest is replaced. */
  save(fingerprint: Fingerprint, manifest: string): number;
  readManifest(fingerprint: Fingerprint): string | null;
}

export function openQuestions(context: TableContext): QuestionTable {
  const { connection } = context;
  const select = connection.prepare<[Buffer], QuestionRow>(
    "select id, manifest, lower(hex(entry_check)) as entry_check from question where fingerprint = ?",
  );
  const insert = connection.prepare(
    "insert into question (fingerprint, manifest, entry_check) values (?, ?, unhex(?))",
  );
  const replace = connection.prepare("update question set manifest = ?, entry_check = unhex(?) where id = ?");

  return {
    save: (fingerprint, manifest) => {
      const key = hashToBlob(fingerprint);
      const stored = select.get(key);
      const check = questionCheck(fingerprint, manifest);
      if (stored === undefined) return Number(insert.run(key, manifest, check).lastInsertRowid);
      if (stored.entry_check !== questionCheck(fingerprint, stored.manifest)) replace.run(manifest, check, stored.id);
      return stored.id;
    },
    readManifest: (fingerprint) => {
      const stored = select.get(hashToBlob(fingerprint));
      if (stored === undefined) return null;
      if (stored.entry_check === questionCheck(fingerprint, stored.manifest)) return stored.manifest;
      // Answers and tasks refer to the question: its manifest is replaced when it is asked again.
      context.noteDamage(() => undefined);
      return null;
    },
  };
}

interface QuestionRow {
  readonly id: number;
  readonly manifest: string;
  readonly entry_check: string;
}

function questionCheck(fingerprint: Fingerprint, manifest: string): string {
  return entryCheck("question", [fingerprint, manifest]);
}
