import type { Digest, Fingerprint } from "../../hash/digests.ts";
import type { AnswerLink, NewAnswer, StoredAnswer } from "../store.ts";
import { openArtifacts, type ArtifactTable } from "./artifacts.ts";
import { openContentAnswers, type ContentAnswerTable } from "./content-answers.ts";
import { entryCheck, hashToBlob } from "./entry-check.ts";
import type { LeaseTable } from "./leases.ts";
import { openQuestions, type QuestionTable } from "./questions.ts";
import type { RunTable } from "./runs.ts";
import type { TableContext } from "./table-context.ts";

/** Answers to questions, with what they hang on. */
export interface AnswerTable {
  find(fingerprints: readonly Fingerprint[]): ReadonlyMap<Fingerprint, StoredAnswer>;
  /** One answer, for a caller that holds a read transaction: what is damaged, it notes once that has ended. */
  read(fingerprint: Fingerprint): AnswerRow | "damaged" | null;
  noteDamaged(fingerprint: Fingerprint): void;
  /** False, and nothing is saved, where the answer's lease is no longer held. */
  save(answer: NewAnswer): boolean;
  link(link: AnswerLink): void;
  findMaker(fingerprint: Fingerprint): { readonly run: number; readonly seconds: number } | null;
  findQuestionsOf(artifact: Digest): readonly Fingerprint[];
  readonly questions: QuestionTable;
  readonly artifacts: ArtifactTable;
  readonly contents: ContentAnswerTable;
}

export function openAnswers(context: TableContext, runs: RunTable, leases: LeaseTable): AnswerTable {
  const { connection } = context;
  const questions = openQuestions(context);
  const artifacts = openArtifacts(context);
  const contents = openContentAnswers(context);
  // An answer whose artifact was lost is none: the join makes it absent.
  const select = connection.prepare<[Buffer], AnswerRow>(
    "select lower(hex(answer.artifact)) as artifact, answer.kind, run, seconds, lower(hex(answer.entry_check)) as entry_check " +
      "from answer join artifact on artifact.digest = answer.artifact where fingerprint = ?",
  );
  const replace = connection.prepare(
    "insert or replace into answer (fingerprint, artifact, kind, run, seconds, entry_check) values (?, ?, ?, ?, ?, unhex(?))",
  );
  const selectQuestions = connection
    .prepare<[Buffer], Fingerprint>("select lower(hex(fingerprint)) from answer where artifact = ?")
    .pluck();
  const remove = connection.prepare("delete from answer where fingerprint = ?");

  const read = (fingerprint: Fingerprint): AnswerRow | "damaged" | null => {
    const row = select.get(hashToBlob(fingerprint));
    if (row === undefined) return null;
    return row.entry_check === answerCheck(fingerprint, row) ? row : "damaged";
  };
  const noteDamaged = (fingerprint: Fingerprint): void => {
    context.noteDamage(() => remove.run(hashToBlob(fingerprint)));
  };
  const insert = (fingerprint: Fingerprint, answer: Omit<AnswerRow, "entry_check">): void => {
    const stored = read(fingerprint);
    if (stored === "damaged") noteDamaged(fingerprint);
    else if (stored !== null) return;
    const { artifact, kind, run, seconds } = answer;
    replace.run(hashToBlob(fingerprint), hashToBlob(artifact), kind, run, seconds, answerCheck(fingerprint, answer));
  };

  return {
    questions,
    artifacts,
    contents,
    read,
    noteDamaged,
    find: (fingerprints) => {
      const found = new Map<Fingerprint, StoredAnswer>();
      const damaged = new Set<Fingerprint>();
      context.read(() => {
        for (const fingerprint of fingerprints) {
          const row = read(fingerprint);
          if (row === "damaged") damaged.add(fingerprint);
          else if (row !== null) {
            found.set(fingerprint, { artifact: row.artifact, kind: row.kind });
          }
        }
      });
      damaged.forEach(noteDamaged);
      return found;
    },
    save: ({ fingerprint, manifest, kind, artifact, bytes, content, lease, run, seconds }) => {
      let isHeld = true;
      context.write("save answer", () => {
        runs.require(run);
        isHeld = lease === undefined || leases.end(fingerprint, lease);
        if (!isHeld) return;
        questions.save(fingerprint, manifest);
        artifacts.save({ digest: artifact, kind, bytes });
        insert(fingerprint, { artifact, kind, run, seconds });
        if (content !== undefined) contents.save(content, { artifact, kind });
      });
      return isHeld;
    },
    link: ({ fingerprint, manifest, kind, artifact, run }) => {
      context.write("link answer", () => {
        runs.require(run);
        questions.save(fingerprint, manifest);
        if (artifacts.has(artifact)) insert(fingerprint, { artifact, kind, run, seconds: 0 });
      });
    },
    findQuestionsOf: (artifact) => {
      const found = selectQuestions
        .all(hashToBlob(artifact))
        .map((fingerprint) => ({ fingerprint, row: read(fingerprint) }));
      for (const { fingerprint, row } of found) if (row === "damaged") noteDamaged(fingerprint);
      return found.flatMap(({ fingerprint, row }) => (row === "damaged" || row === null ? [] : [fingerprint]));
    },
    findMaker: (fingerprint) => {
      const row = read(fingerprint);
      if (row !== "damaged") return row;
      noteDamaged(fingerprint);
      return null;
    },
  };
}

export interface AnswerRow {
  readonly artifact: Digest;
  readonly kind: string;
  readonly run: number;
  readonly seconds: number;
  readonly entry_check: string;
}

export function answerCheck(fingerprint: Fingerprint, row: Omit<AnswerRow, "entry_check">): string {
  return entryCheck("answer", [fingerprint, row.artifact, row.kind, row.run, row.seconds]);
}
