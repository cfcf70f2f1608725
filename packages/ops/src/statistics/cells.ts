/**
 * The cells of a column as the language hands them over: which inputs each is made of, as plain data. A metric over seeds and
 * few-shot draws has an answer each; functions of metrics combine them answer by answer.
 */
export type CellExpression = AnswersExpression | AppliedExpression;

export interface AnswersExpression {
  readonly answers: readonly AnswerReference[];
}

export interface AnswerReference {
  /** The number of the op's input. */
  readonly input: number;
  /** The draw of few-shot examples that it was trained on; null where nothing was drawn. */
  readonly draw: number | string | null;
}

export interface AppliedExpression {
  readonly apply: CellFunction;
  readonly of: readonly CellExpression[];
}

export type CellFunction = "mean" | "min" | "max" | "difference" | "ratio";

/** One answer of a cell; what `Value` is hangs on what the answers are combined for. */
export interface CellAnswer<Value> {
  readonly value: Value;
  readonly draw: number | string | null;
}

/** How the values of single answers are combined. */
export type Combine<Value> = (apply: CellFunction, values: readonly Value[]) => Value;

/**
 * The answers of a cell. An argument with one answer stands beside every answer of the others.
 * @throws Error where arguments have other numbers of answers: the language lets none through
 */
export function answersOf<Value>(
  expression: CellExpression,
  valueOf: (input: number) => Value,
  combine: Combine<Value>,
): readonly CellAnswer<Value>[] {
  if ("answers" in expression) {
    return expression.answers.map(({ input, draw }) => ({ value: valueOf(input), draw }));
  }
  const parts = expression.of.map((part) => answersOf(part, valueOf, combine));
  const count = Math.max(0, ...parts.map((part) => part.length));
  if (parts.some((part) => part.length !== count && part.length !== 1)) {
    throw new Error(
      `The arguments of ${expression.apply} have ${parts.map((part) => part.length).join(" and ")} answers.`,
    );
  }
  return Array.from({ length: count }, (_, index) => {
    const beside = parts.map((part) => part[part.length === 1 ? 0 : index]!);
    return {
      value: combine(
        expression.apply,
        beside.map(({ value }) => value),
      ),
      draw: beside.find(({ draw }) => draw !== null)?.draw ?? null,
    };
  });
}

/** The inputs that an expression is made of, each once. */
export function inputsOf(expression: CellExpression): readonly number[] {
  if ("answers" in expression) return [...new Set(expression.answers.map(({ input }) => input))];
  return [...new Set(expression.of.flatMap(inputsOf))];
}

/** A function of one value of each argument; NaN where one of them has none. */
export function combineNumbers(apply: CellFunction, values: readonly number[]): number {
  const [first = Number.NaN, second = Number.NaN] = values;
  switch (apply) {
    case "mean":
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    case "min":
      return Math.min(...values);
    case "max":
      return Math.max(...values);
    case "difference":
      return first - second;
    case "ratio":
      return second === 0 ? Number.NaN : first / second;
  }
  return apply satisfies never;
}
