import type { Predictions } from "../artifacts/predictions.ts";
import { OpError } from "../op-error.ts";
import { nearestName } from "../onnx/nearest-name.ts";
import type { AverageSettings } from "./average-params.ts";
import { notesOfScope } from "./average-notes.ts";
import { classColumns, poolColumns, type ClassColumn } from "./class-columns.ts";
import type { ClassStatistic } from "./class-statistic.ts";
import { meanOverClasses, numberOrNull } from "./mean-over-classes.ts";
import type { PreparedMetric, WeightBlock } from "./metric.ts";
import { everyExampleOnce, sumWeights } from "./weight-sums.ts";

/** A metric that is worked out for one class against the rest, and averaged over classes. */
export interface AveragedMetric {
  /** As it stands in a sentence, e.g. `AUROC`. */
  readonly title: string;
  readonly statistic: ClassStatistic;
  /**
   * The sides of which a class of two needs examples. A class of several needs both, also where its own value would need one
   * only: that an average leaves out the same classes whatever it is of, so that averages can be read side by side.
   */
  readonly needsOfTwo: Needs;
  /** The value is the same for either class of two, so that nobody has to be told which one it is for. */
  readonly isSameForBoth?: true;
  /** What else has to be said of a class that has a value. */
  readonly noteOf?: (column: ClassColumn) => string | null;
}

export type Needs = "both" | "positives" | "negatives" | "either";

/** What the value is of. */
export type Scope =
  | { readonly of: "one class"; readonly column: ClassColumn; readonly other: string | null }
  | { readonly of: "pooled flags"; readonly column: ClassColumn }
  | { readonly of: "classes"; readonly columns: readonly ClassColumn[]; readonly weighted: boolean };

/** @throws OpError `class-unknown` */
export function prepareAverage(
  predictions: Predictions,
  settings: AverageSettings,
  metric: AveragedMetric,
): PreparedMetric {
  return prepareScope(predictions, scopeOf(predictions, settings), { ...metric, settings });
}

/** Always the mean over the classes, of two as well. */
export function prepareMeanOverClasses(predictions: Predictions, metric: AveragedMetric): PreparedMetric {
  const scope: Scope = { of: "classes", columns: classColumns(predictions), weighted: false };
  return prepareScope(predictions, scope, { ...metric, settings: { average: "macro", class: null } });
}

function prepareScope(
  predictions: Predictions,
  scope: Scope,
  metric: AveragedMetric & { readonly settings: AverageSettings },
): PreparedMetric {
  const columns = scope.of === "classes" ? scope.columns : [scope.column];
  const needs = scope.of === "one class" && predictions.problem === "binary" ? metric.needsOfTwo : "both";
  const substitute = metric.settings.absent === "zero" ? 0 : Number.NaN;
  const prepared = columns.map((column) => metric.statistic(column));

  const valuesOf = (block: WeightBlock): { values: Float64Array[]; positives: Int32Array[] } => {
    const answers = prepared.map((resample) => resample(block));
    return {
      values: answers.map(({ values, positives, negatives }) =>
        values.map((value, resample) =>
          isMet(needs, positives[resample]!, negatives[resample]!) ? value : substitute,
        ),
      ),
      positives: answers.map(({ positives }) => positives),
    };
  };
  const combine = ({ values, positives }: ReturnType<typeof valuesOf>, count: number): Float64Array =>
    scope.of === "classes"
      ? meanOverClasses({ values, ...(scope.weighted && { shares: positives }) }, count)
      : values[0]!;

  const once = valuesOf(everyExampleOnce(predictions.ids.length));
  const value = numberOrNull(combine(once, 1)[0]!);
  const isDefined = columns.map(({ positives, negatives }) => isMet(needs, positives, negatives));
  return {
    measurement: {
      value,
      perClass: scope.of === "classes" ? once.values.map((ofClass) => numberOrNull(ofClass[0]!)) : null,
      notes: notesOfScope({ problem: predictions.problem, scope, metric, settings: metric.settings, isDefined, value }),
    },
    resample: (block) => {
      const combined = combine(valuesOf(block), block.count);
      return substitute === 0 ? withoutEmpty(combined, block) : combined;
    },
  };
}

/** Where no example counts there is nothing to be 0. */
function withoutEmpty(values: Float64Array, block: WeightBlock): Float64Array {
  const rows = Int32Array.from(block.groupOf.keys());
  const totals = new Int32Array(block.count);
  sumWeights(totals, block, { rows, start: 0, end: rows.length });
  return values.map((value, resample) => (totals[resample] === 0 ? Number.NaN : value));
}

function isMet(needs: Needs, positives: number, negatives: number): boolean {
  switch (needs) {
    case "both":
      return positives > 0 && negatives > 0;
    case "positives":
      return positives > 0;
    case "negatives":
      return negatives > 0;
    case "either":
      return positives + negatives > 0;
  }
}

function scopeOf(predictions: Predictions, { average, class: name }: AverageSettings): Scope {
  const { classNames, problem } = predictions;
  const columns = classColumns(predictions);
  if (name !== null || (problem === "binary" && average === null)) {
    const index = name === null ? 1 : indexOfClass(classNames, name);
    const other = problem === "binary" ? (classNames[1 - index] ?? "") : null;
    return { of: "one class", column: columns[index]!, other };
  }
  if (average === "micro") return { of: "pooled flags", column: poolColumns(columns) };
  return { of: "classes", columns, weighted: average === "weighted" };
}

function indexOfClass(classNames: readonly string[], name: string): number {
  const index = classNames.indexOf(name);
  if (index >= 0) return index;
  const nearest = nearestName(name, classNames);
  throw new OpError(
    "class-unknown",
    `There is no class "${name}" to score${nearest === null ? "" : `: did you mean "${nearest}"?`}`,
    `The classes are ${classNames.map((known) => `"${known}"`).join(", ")}.`,
  );
}
