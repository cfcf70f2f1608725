import type { Predictions } from "../artifacts/predictions.ts";
import type { Measurement } from "./metric-op.ts";

/** One class against the rest: its scores, and whether each example has it. */
export interface ClassColumn {
  readonly name: string;
  readonly scores: Float64Array;
  readonly isPositive: readonly boolean[];
  readonly positives: number;
  readonly negatives: number;
}

export function columnOf({ problem, classNames, ids, labels, scores }: Predictions, index: number): ClassColumn {
  const classes = classNames.length;
  const isPositive = ids.map((_, row) =>
    problem === "multi-label" ? labels.values[row * labels.width + index] === 1 : labels.values[row] === index,
  );
  const positives = isPositive.filter(Boolean).length;
  return {
    name: classNames[index] ?? "",
    scores: Float64Array.from(ids, (_, row) => scores[row * classes + index]!),
    isPositive,
    positives,
    negatives: ids.length - positives,
  };
}

/** Whether the scored split can tell this class from the rest at all. */
export function hasBothSides(column: ClassColumn): boolean {
  return column.positives > 0 && column.negatives > 0;
}

/**
 * Mean of a quantity over the classes that have positives and negatives in the scored split; the others are left out
 * and named in the notes. Null where none is left.
 */
export function averageOverClasses(
  predictions: Predictions,
  measureClass: (column: ClassColumn, index: number) => number,
): Measurement {
  const columns = predictions.classNames.map((_, index) => columnOf(predictions, index));
  const perClass = columns.map((column, index) => (hasBothSides(column) ? measureClass(column, index) : null));
  const defined = perClass.filter((value) => value !== null);
  const value = defined.length === 0 ? null : defined.reduce((sum, part) => sum + part, 0) / defined.length;
  const notes = columns.flatMap((column) => (hasBothSides(column) ? [] : [describeOneSided(column)]));
  const closing = value === null ? ["No class has both positives and negatives: the average is not defined."] : [];
  return { value, perClass, notes: [...notes, ...closing] };
}

function describeOneSided(column: ClassColumn): string {
  const side = column.positives === 0 ? "positives" : "negatives";
  return `Class "${column.name}" has no ${side} in the scored split and is left out of the average.`;
}
