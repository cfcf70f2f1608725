import type { AxisLabel, CellApplication } from "../3-check/checked-program.ts";
import type { CellExpression, CellSpec, TaskId } from "./task-graph.ts";

/** A cell whose answers still know which seeds they are of. */
export type DraftCell = Omit<CellSpec, "value"> & { readonly value: DraftExpression };

export type DraftExpression =
  { readonly kind: "scores"; readonly answers: readonly SeededAnswer[] } | CellApplication<DraftExpression>;

/** A task that answers a metric, and the values of the seed axes that it is the answer for: one that it does not hang on is absent. */
export interface SeededAnswer {
  readonly task: TaskId;
  readonly seeds: Seeds;
}

export type Seeds = Readonly<Record<string, AxisLabel>>;

/**
 * The expression with the answers of its arguments side by side: those of the same seeds are combined, in whatever order their
 * sweeps have them, and an answer that does not hang on a seed stands beside every value of it. Null where an answer has none
 * to be combined with.
 */
export function alignAnswers(expression: DraftExpression): CellExpression | null {
  if (expression.kind === "scores") return { kind: "scores", tasks: expression.answers.map(({ task }) => task) };
  const leaves = leavesOf(expression);
  // Why a metric has no answer has been told.
  if (leaves.some((answers) => answers.length === 0)) return rebuild(expression, leaves.map(() => []).values());
  const points = leaves.reduce(join, [{ seeds: {}, tasks: [] }]);
  const isWhole = leaves.every((answers, leaf) => {
    const used = new Set(points.map(({ tasks }) => tasks[leaf]));
    return answers.every(({ task }) => used.has(task));
  });
  if (!isWhole) return null;
  const columns = leaves.map((answers, leaf) =>
    answers.length === 1 ? answers.map(({ task }) => task) : points.map(({ tasks }) => tasks[leaf]!),
  );
  return rebuild(expression, columns.values());
}

interface Point {
  readonly seeds: Seeds;
  /** One for each leaf so far. */
  readonly tasks: readonly TaskId[];
}

function join(points: readonly Point[], answers: readonly SeededAnswer[]): readonly Point[] {
  return points.flatMap(({ seeds, tasks }) =>
    answers
      .filter((answer) => agree(seeds, answer.seeds))
      .map((answer) => ({ seeds: { ...seeds, ...answer.seeds }, tasks: [...tasks, answer.task] })),
  );
}

function agree(left: Seeds, right: Seeds): boolean {
  return Object.entries(right).every(([axis, value]) => !Object.hasOwn(left, axis) || left[axis] === value);
}

function leavesOf(expression: DraftExpression): readonly (readonly SeededAnswer[])[] {
  return expression.kind === "scores" ? [expression.answers] : expression.arguments.flatMap(leavesOf);
}

/** The expression with the next column of tasks in the place of each leaf. */
function rebuild(expression: DraftExpression, columns: Iterator<readonly TaskId[], undefined>): CellExpression {
  if (expression.kind === "scores") return { kind: "scores", tasks: columns.next().value ?? [] };
  return { ...expression, arguments: expression.arguments.map((part) => rebuild(part, columns)) };
}
