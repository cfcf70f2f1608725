import type { Digest } from "../hash/digests.ts";

/** How a task ended. `skipped`: an input failed. */
export type TaskOutcome =
  | { readonly outcome: "cached"; readonly reason: "stored" | "same-bytes"; readonly answer: TaskAnswer }
  | { readonly outcome: "computed"; readonly answer: TaskAnswer }
  | { readonly outcome: "failed"; readonly failure: TaskFailure }
  | { readonly outcome: "skipped"; readonly because: string }
  | { readonly outcome: "cancelled" };

export interface TaskAnswer {
  readonly kind: string;
  readonly artifact: Digest;
}

/** Why a task gave no answer: a value, never stored as one. */
export interface TaskFailure {
  /** Kebab-case and stable, e.g. `image-damaged`; `unexpected` where it is a bug of ours. */
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  /** For bugs: where it was thrown. */
  readonly stack: string | null;
}
