import type { Fingerprint } from "../../../hash/digests.ts";
import type { VerifyReport } from "../../upkeep.ts";

/** What a verification has found so far. */
export interface VerifyRecord {
  check(table: string, entries: number): void;
  damage(table: string, entries?: number): void;
  readBytes(bytes: number): void;
  /** An answer that was dropped. */
  loseAnswer(fingerprint: Fingerprint): void;
  /** The program whose run made rows that were dropped. */
  loseRowsOf(program: string): void;
  readonly bytes: () => number;
  readonly lostAnswers: () => readonly Fingerprint[];
  report(slots: readonly string[]): VerifyReport;
}

export function createVerifyRecord(): VerifyRecord {
  const checked = new Map<string, number>();
  const damaged = new Map<string, number>();
  const lost = new Set<Fingerprint>();
  const rowPrograms = new Set<string>();
  let bytes = 0;
  const add = (counts: Map<string, number>, table: string, entries: number): void => {
    counts.set(table, (counts.get(table) ?? 0) + entries);
  };
  return {
    check: (table, entries) => {
      add(checked, table, entries);
    },
    damage: (table, entries = 1) => {
      if (entries > 0) add(damaged, table, entries);
    },
    readBytes: (read) => {
      bytes += read;
    },
    loseAnswer: (fingerprint) => {
      lost.add(fingerprint);
    },
    loseRowsOf: (program) => {
      rowPrograms.add(program);
    },
    bytes: () => bytes,
    lostAnswers: () => [...lost],
    report: (slots) => ({
      checked: Object.fromEntries(checked),
      bytes,
      damaged: Object.fromEntries(damaged),
      slots: [...slots].sort(),
      rowPrograms: [...rowPrograms].sort(),
    }),
  };
}
