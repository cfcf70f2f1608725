import type { Example } from "./artifacts/examples.ts";

/** How one row of floats is divided, e.g. class tokens of the last blocks, patch mean, pooled output. */
export interface RowLayout {
  readonly parts: readonly RowPart[];
  /** The part that a head takes unless it names another one. */
  readonly defaultPart: string;
}

export interface RowPart {
  readonly name: string;
  /** Floats (float32) in the part. */
  readonly width: number;
}

export interface ExampleBatch {
  readonly examples: readonly Example[];
}

export interface ExtractedRows {
  /** Row-major float32, one row per entry of `digests`. */
  readonly rows: Float32Array;
  /** The example digests of the rows, in order: those of the batch that could be read. */
  readonly digests: readonly string[];
  readonly failures: readonly ExampleFailure[];
}

/** One example that gave no row, and why: in the user's words. */
export interface ExampleFailure {
  readonly exampleId: string;
  readonly code: string;
  readonly message: string;
}

export function rowWidth(layout: Pick<RowLayout, "parts">): number {
  return layout.parts.reduce((width, part) => width + part.width, 0);
}
