import type { Predictions } from "../artifacts/predictions.ts";
import { isPredicted } from "./predicted-classes.ts";

/** One class against the rest, without the examples of which it is unknown whether they have it. */
export interface ClassColumn {
  /** Null for the flags of all classes taken together. */
  readonly name: string | null;
  /** The examples, as places in the predictions; the arrays below go along with it. */
  readonly rows: Int32Array;
  readonly scores: Float64Array;
  /** 1 where the example has the class. */
  readonly isPositive: Uint8Array;
  /** 1 where it is predicted to: the highest score, or for `multi-label` a score above 0.5. */
  readonly isPredicted: Uint8Array;
  readonly positives: number;
  readonly negatives: number;
  /** Flags that are unknown and left out. */
  readonly unknown: number;
}

/** A column for each class, in the order of the classes. */
export function classColumns(predictions: Predictions): readonly ClassColumn[] {
  const predicted = isPredicted(predictions);
  return predictions.classNames.map((name, index) => {
    const known = predictions.ids.map((_, row) => row).filter((row) => flagOf(predictions, row, index) >= 0);
    const isPositive = Uint8Array.from(known, (row) => flagOf(predictions, row, index));
    const positives = isPositive.reduce((sum, flag) => sum + flag, 0);
    return {
      name,
      rows: Int32Array.from(known),
      scores: Float64Array.from(known, (row) => predictions.scores[row * predictions.classNames.length + index]!),
      isPositive,
      isPredicted: Uint8Array.from(known, (row) => (predicted(row, index) ? 1 : 0)),
      positives,
      negatives: known.length - positives,
      unknown: predictions.ids.length - known.length,
    };
  });
}

/** Every flag of every class as a question of its own: what a micro average is worked out on. */
export function poolColumns(columns: readonly ClassColumn[]): ClassColumn {
  const total = (count: (column: ClassColumn) => number): number =>
    columns.reduce((sum, column) => sum + count(column), 0);
  return {
    name: null,
    rows: Int32Array.from(columns.flatMap(({ rows }) => Array.from(rows))),
    scores: Float64Array.from(columns.flatMap(({ scores }) => Array.from(scores))),
    isPositive: Uint8Array.from(columns.flatMap(({ isPositive }) => Array.from(isPositive))),
    isPredicted: Uint8Array.from(columns.flatMap((column) => Array.from(column.isPredicted))),
    positives: total(({ positives }) => positives),
    negatives: total(({ negatives }) => negatives),
    unknown: total(({ unknown }) => unknown),
  };
}

/** 1: has the class, 0: has it not, -1: unknown. */
function flagOf({ problem, labels }: Predictions, row: number, index: number): number {
  if (problem === "multi-label") return labels.values[row * labels.width + index]!;
  return labels.values[row] === index ? 1 : 0;
}
