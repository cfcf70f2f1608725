/**
 * One of the numbers that a cell is the mean of. `missing`: a task behind it has no answer (yet); `undefined`: every task
 * has one, but the metric or the arithmetic has no value there.
 */
export interface Answer {
  /** Which tasks it was computed from; answers of one key are one answer, counted once. */
  readonly key: string;
  readonly value: number | "missing" | "undefined";
}

/** What is said of a cell's answers in a table. */
export interface AnswerSummary {
  /** Distinct answers that have a value. */
  readonly n: number;
  readonly missing: number;
  readonly undefined: number;
  readonly mean: number | null;
  /** Sample standard deviation (n - 1 in the denominator); null for n < 2. */
  readonly std: number | null;
}

export function summarizeAnswers(answers: readonly Answer[]): AnswerSummary {
  const distinct = distinctAnswers(answers);
  const values = distinct.flatMap(({ value }) => (typeof value === "number" ? [value] : []));
  const mean = meanOf(values);
  return {
    n: values.length,
    missing: distinct.filter(({ value }) => value === "missing").length,
    undefined: distinct.filter(({ value }) => value === "undefined").length,
    mean,
    std: mean === null || values.length < 2 ? null : deviationOf(values, mean),
  };
}

/** The first answer of every key. */
export function distinctAnswers(answers: readonly Answer[]): readonly Answer[] {
  return [...new Map(answers.toReversed().map((answer) => [answer.key, answer])).values()].toReversed();
}

/**
 * Summed as differences from the first value, so that the mean of equal values is that value to the last bit: rows that
 * answer alike must tie, however many seeds each has. Null for no values.
 */
export function meanOf(values: readonly number[]): number | null {
  const [first] = values;
  if (first === undefined) return null;
  return first + values.reduce((sum, value) => sum + (value - first), 0) / values.length;
}

function deviationOf(values: readonly number[], mean: number): number {
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
