import type { ContentKey, Digest, Fingerprint, Recipe } from "../hash/digests.ts";

/**
 * What keeps a store small and true. The generators yield often (every few milliseconds, but for SQLite's own check of its
 * file), so that the caller can let others run, show how far it is, or stop: what was done until then stays done.
 */
export interface StoreUpkeep {
  /**
   * Reads every byte and drops what does not verify, as reading it would have.
   * @throws StoreError `store-damaged` where the file itself is damaged beyond its entries
   */
  verify(): Generator<VerifyProgress, VerifyReport>;
  /** Notes that the answers were used at this time, to the day. One transaction; writes nothing where nothing is new. */
  noteUse(fingerprints: readonly Fingerprint[], at: Date): void;
  /** Everything that could be removed, with its size and its age. */
  takeInventory(): Generator<void, StoreInventory>;
  /**
   * Removes entries, in short transactions. What somebody else has come to refer to meanwhile stays, and what is not there
   * any more is left alone.
   */
  remove(removal: StoreRemoval): Generator<void, void>;
  /** Gives free pages, and files that nothing refers to any more, back to the disk. */
  giveBackSpace(): Generator<void, void>;
}

export interface VerifyProgress {
  readonly bytes: number;
  /** As many as there were at the start: others may be writing. */
  readonly totalBytes: number;
}

export interface VerifyReport {
  /** Entries read, by table. */
  readonly checked: Readonly<Record<string, number>>;
  /** Of artifacts and rows. */
  readonly bytes: number;
  /** Entries dropped, by table; those without any are left out. */
  readonly damaged: Readonly<Record<string, number>>;
  /** The tasks (slots) whose answers were dropped, as far as that is known; sorted. */
  readonly slots: readonly string[];
  /** The programs whose runs had made the rows that were dropped; sorted. */
  readonly rowPrograms: readonly string[];
}

export interface StoreInventory {
  /** Bytes of the files that hold something: without their free pages. */
  readonly usedBytes: number;
  readonly answers: readonly InventoryAnswer[];
  readonly contentAnswers: readonly InventoryContentAnswer[];
  readonly artifacts: readonly InventoryArtifact[];
  readonly shards: readonly InventoryShard[];
}

export interface InventoryAnswer {
  readonly fingerprint: Fingerprint;
  readonly artifact: Digest;
  readonly run: number;
  /** The day on which it was made or last used, whichever is later; see `dayOf`. */
  readonly day: number;
}

export interface InventoryContentAnswer {
  readonly recipe: Recipe;
  readonly key: ContentKey;
  readonly artifact: Digest;
}

export interface InventoryArtifact {
  readonly digest: Digest;
  readonly kind: string;
  readonly bytes: number;
}

/** Rows of one recipe that were stored together. */
export interface InventoryShard {
  readonly id: number;
  readonly recipe: Recipe;
  readonly examples: readonly string[];
  readonly bytesPerRow: number;
  readonly run: number;
  /** The day on which the run began that made it. */
  readonly day: number;
}

export interface StoreRemoval {
  readonly answers: readonly Fingerprint[];
  readonly contentAnswers: readonly Pick<InventoryContentAnswer, "recipe" | "key">[];
  /** Each unless an answer or a content answer still is it. */
  readonly artifacts: readonly Digest[];
  readonly rows: readonly Pick<InventoryShard, "id" | "recipe" | "examples">[];
  /**
   * Null: the history stays whole. Else the ends of tasks go that are of runs begun before this time, of questions without an
   * answer, and not the newest of their slot; then questions and runs that nothing refers to any more.
   */
  readonly historyBefore: Date | null;
}

/** Days since 1970 in UTC: how exactly use is recorded. */
export function dayOf(time: Date): number {
  return Math.floor(time.getTime() / millisecondsPerDay);
}

export const millisecondsPerDay = 24 * 60 * 60 * 1000;
