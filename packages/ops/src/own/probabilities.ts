import type { ExampleSet } from "../artifacts/examples.ts";
import { OpError } from "../op-error.ts";
import type { OwnFile } from "./own-file.ts";

/** Scores as they stand in a file, row-major, in the order of the examples and of the classes. */
export interface RawScores {
  readonly own: OwnFile;
  readonly examples: ExampleSet;
  /** The columns of the file; one alone is a binary score of the second class. */
  readonly columns: readonly number[];
  readonly values: Float64Array;
}

export interface Probabilities {
  /** Row-major [examples, classes]. */
  readonly values: Float64Array;
  /** What a reader of a score must know of them, one sentence each. */
  readonly notes: readonly string[];
}

/**
 * Probabilities as they are; what rounding left above 1 or below 0 is cut off.
 * @throws OpError `own-value-not-finite`, `own-scores-no-probabilities` or `own-scores-sum`
 */
export function checkProbabilities(raw: RawScores): Probabilities {
  requireFinite(raw);
  const { own, columns, examples } = raw;
  const outside = raw.values.findIndex((score) => score < -slack || score > 1 + slack);
  if (outside >= 0) {
    throw new OpError(
      "own-scores-no-probabilities",
      `${own.file} has the score ${String(raw.values[outside])} for example ${exampleAt(raw, outside)}; probabilities are from 0 to 1.`,
      `Apply ${examples.problem === "multi-label" ? "a sigmoid" : "a softmax"} first, or set \`logits: true\` where the scores are logits.`,
    );
  }
  const cut = raw.values.map((score) => Math.min(Math.max(score, 0), 1));
  if (columns.length === 1 && examples.problem === "binary") return { values: bothClasses(cut), notes: [] };
  return { values: cut, notes: examples.problem === "multi-label" ? [] : checkSums({ ...raw, values: cut }) };
}

/** @throws OpError `own-value-not-finite` */
export function toProbabilities(raw: RawScores): Probabilities {
  requireFinite(raw);
  const { columns, examples, values } = raw;
  if (examples.problem === "multi-label") return { values: values.map(sigmoid), notes: [] };
  if (columns.length === 1 && examples.problem === "binary") {
    // Both sides from the logit: 1 - p would lose the small ones.
    const both = new Float64Array(values.length * 2);
    values.forEach((logit, row) => both.set([sigmoid(-logit), sigmoid(logit)], row * 2));
    return { values: both, notes: [] };
  }
  const probabilities = values.slice();
  for (let start = 0; start < values.length; start += columns.length) {
    softmaxInPlace(probabilities.subarray(start, start + columns.length));
  }
  return { values: probabilities, notes: [] };
}

/** Softmaxes in float32 leave the interval by less. */
const slack = 1e-6;
/** Softmaxes of many classes in half precision miss 1 by less. */
const sumSlack = 0.01;

/** Two probabilities of a binary problem sum to one. Scores of one class against the rest need not, and not every metric may take them. */
function checkSums(raw: RawScores): readonly string[] {
  const { own, columns, examples, values } = raw;
  const width = columns.length;
  for (let start = 0; start < values.length; start += width) {
    const sum = values.subarray(start, start + width).reduce((total, score) => total + score, 0);
    if (Math.abs(sum - 1) <= sumSlack) continue;
    if (examples.problem === "multi-class") {
      return ["Its probabilities do not sum to one per example: only metrics that rank each class alone can be read."];
    }
    throw new OpError(
      "own-scores-sum",
      `The two scores of ${own.file} for example ${exampleAt(raw, start)} sum to ${String(sum)}, not to one.`,
      "Save the probabilities of both classes, or one column: that of the second class.",
    );
  }
  return [];
}

function requireFinite(raw: RawScores): void {
  const wrong = raw.values.findIndex((score) => !Number.isFinite(score));
  if (wrong < 0) return;
  throw new OpError(
    "own-value-not-finite",
    `${raw.own.file} has the score ${String(raw.values[wrong])} for example ${exampleAt(raw, wrong)}.`,
    "Every score has to be a finite number.",
  );
}

function exampleAt({ examples, columns }: RawScores, place: number): string {
  return examples.examples[Math.floor(place / columns.length)]?.id ?? "";
}

function bothClasses(positives: Float64Array): Float64Array {
  const both = new Float64Array(positives.length * 2);
  positives.forEach((score, row) => both.set([1 - score, score], row * 2));
  return both;
}

function sigmoid(logit: number): number {
  const tail = Math.exp(-Math.abs(logit));
  return (logit >= 0 ? 1 : tail) / (1 + tail);
}

function softmaxInPlace(row: Float64Array): void {
  const largest = row.reduce((most, logit) => Math.max(most, logit), -Infinity);
  let sum = 0;
  row.forEach((logit, at) => {
    row[at] = Math.exp(logit - largest);
    sum += row[at];
  });
  row.forEach((power, at) => {
    row[at] = power / sum;
  });
}
