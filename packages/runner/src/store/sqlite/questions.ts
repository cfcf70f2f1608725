import { hashText, type Fingerprint } from "../../hash/digests.ts";
import { entryCheck, hashToBlob } from "./entry-check.ts";
import type { TableContext } from "./table-context.ts";

/** Questions: the readable manifests behind fingerprints. */
export interface QuestionTable {
  /** Inside the caller's transaction. Returns the question's row; a damaged manifest is replaced. */
  save(fingerprint: Fingerprint, manifest: string): number;
  readManifest(fingerprint: Fingerprint): string | null;
  /** Inside the caller's transaction. The question stays, for what refers to it, and takes its manifest when it is asked again. */
  forgetManifest(fingerprint: Fingerprint): void;
}

/** What stands for a manifest that is lost. */
const lost = "";

export function openQuestions(context: TableContext): QuestionTable {
  const { connection } = context;
  const select = connection.prepare<[Buffer], QuestionRow>(
    "select id, manifest, lower(hex(entry_check)) as entry_check from question where fingerprint = ?",
  );
  const insert = connection.prepare(
    "insert into question (fingerprint, manifest, entry_check) values (?, ?, unhex(?))",
  );
  const forget = connection.prepare("update question set manifest = ?, entry_check = unhex(?) where fingerprint = ?");
  const replace = connection.prepare("update question set manifest = ?, entry_check = unhex(?) where id = ?");

  return {
    save: (fingerprint, manifest) => {
      const key = hashToBlob(fingerprint);
      const stored = select.get(key);
      const check = questionCheck(fingerprint, manifest);
      if (stored === undefined) return Number(insert.run(key, manifest, check).lastInsertRowid);
      const isIntact = stored.entry_check === questionCheck(fingerprint, stored.manifest) && stored.manifest !== lost;
      if (!isIntact) replace.run(manifest, check, stored.id);
      return stored.id;
    },
    readManifest: (fingerprint) => {
      const stored = select.get(hashToBlob(fingerprint));
      if (stored === undefined || stored.manifest === lost) return null;
      if (stored.entry_check === questionCheck(fingerprint, stored.manifest)) return stored.manifest;
      // Answers and tasks refer to the question: its manifest is replaced when it is asked again.
      context.noteDamage(() => undefined);
      return null;
    },
    forgetManifest: (fingerprint) => {
      forget.run(lost, questionCheck(fingerprint, lost), hashToBlob(fingerprint));
    },
  };
}

/** Whether the manifest is the one that was written and the one that the fingerprint is the hash of, or known to be lost. */
export function isQuestionIntact(
  fingerprint: Fingerprint,
  { manifest, entry_check }: Omit<QuestionRow, "id">,
): boolean {
  if (entry_check !== questionCheck(fingerprint, manifest)) return false;
  return manifest === lost || hashText<Fingerprint>("fingerprint", manifest) === fingerprint;
}

/** Whether the manifest is the one that was written, and not lost. */
export function isManifestIntact(
  fingerprint: Fingerprint,
  { manifest, entry_check }: Omit<QuestionRow, "id">,
): boolean {
  return manifest !== lost && entry_check === questionCheck(fingerprint, manifest);
}

interface QuestionRow {
  readonly id: number;
  readonly manifest: string;
  readonly entry_check: string;
}

function questionCheck(fingerprint: Fingerprint, manifest: string): string {
  return entryCheck("question", [fingerprint, manifest]);
}
