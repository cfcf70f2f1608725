import type { AxisLabel, CellExpression, CellSpec, TableSpec, TaskId } from "@exp-lab/dsl";
import type { Score } from "@exp-lab/ops";
import { scoreTasks } from "../1-plan/needed-tasks.ts";
import { summarizeAnswers, type AnswerSummary } from "./answers.ts";
import { evaluateCell } from "./evaluate-cell.ts";
import { groupBy } from "./group-by.ts";
import type { ScoreStates } from "./score-state.ts";
import type { Cell, Labels } from "./table.ts";
import { countTraining } from "./training-counts.ts";

/** A cell with its numbers, beside the expression that they came from. */
export interface FilledCell {
  readonly cell: Cell;
  readonly value: CellExpression;
  /** Whether it may be the best of anything. */
  readonly isRival: boolean;
  /** Every task has an answer, and every answer a value: only then may the cell be held against others. */
  readonly isWhole: boolean;
}

/**
 * Computes every cell of a table, in the order of the specification; none is marked yet.
 * @throws where two cells claim one place: drawing either of them would hide the other
 */
export function fillCells(spec: TableSpec, states: ScoreStates): readonly FilledCell[] {
  const placed = spec.cells.map((cell) => ({
    ...cell,
    row: labelsOf(spec.rows, cell.row),
    column: labelsOf(spec.columns, cell.column),
  }));
  refuseSharedPlaces(spec.title, placed);
  // Only a rank looks at the rest of its column.
  const columns = placed.some(({ value }) => hasRank(value)) ? groupBy(placed, columnKey) : null;
  return placed.map((cell) => {
    const column = columns !== null && hasRank(cell.value) ? (columns.get(columnKey(cell)) ?? []) : [];
    const others = column.filter((other) => other !== cell).map((other) => other.value);
    return fillCell(cell, others, states);
  });
}

function fillCell(spec: CellSpec, others: readonly CellExpression[], states: ScoreStates): FilledCell {
  const { answers, notes } = evaluateCell({ expression: spec.value, others }, states);
  const { n, mean, std, undefined: gaps } = summarizeAnswers(answers);
  const scores = scoreTasks(spec.value).flatMap((task) => scoreOf(task, states) ?? []);
  const tasks = [...new Set([spec.value, ...others].flatMap(scoreTasks))];
  const countOf = (state: string): number => tasks.filter((task) => states.get(task)?.state === state).length;
  const cell: Cell = {
    row: spec.row,
    column: spec.column,
    metric: spec.metric,
    n,
    mean,
    std,
    ci95: null,
    ciMethod: null,
    nTest: theOne(scores.map((score) => score.nExamples)),
    nGroups: theOne(scores.map((score) => score.nGroups)),
    ...countTraining(scores),
    p: null,
    pAdjusted: null,
    expected: spec.expected ?? null,
    notes: [...new Set([...scores.flatMap((score) => score.notes), ...notes, ...gapNotes({ n, gaps })])],
    tasks,
    done: countOf("done"),
    failed: countOf("failed"),
    best: false,
    likeBest: false,
  };
  const isRival = spec.isDifference !== true;
  return { cell, value: spec.value, isRival, isWhole: mean !== null && gaps === 0 && cell.done === tasks.length };
}

function columnKey(cell: CellSpec): string {
  return JSON.stringify([cell.column, cell.metric]);
}

/** Every axis of the table, in its order; `null` where the axis does not apply to the cell. */
function labelsOf(axes: readonly string[], labels: Readonly<Record<string, AxisLabel>>): Labels {
  return Object.fromEntries(axes.map((axis) => [axis, labels[axis] ?? null]));
}

function refuseSharedPlaces(title: string, cells: readonly CellSpec[]): void {
  const seen = new Set<string>();
  for (const { row, column, metric } of cells) {
    const place = JSON.stringify([row, column, metric]);
    if (seen.has(place)) throw new Error(`The table "${title}" has two cells at ${place}.`);
    seen.add(place);
  }
}

function hasRank(value: CellExpression): boolean {
  return value.kind === "apply" && (value.function === "rank" || value.arguments.some(hasRank));
}

function scoreOf(task: TaskId, states: ScoreStates): Score | null {
  const state = states.get(task);
  return state?.state === "done" ? state.score : null;
}

function gapNotes({ n, gaps }: { n: AnswerSummary["n"]; gaps: number }): readonly string[] {
  if (n === 0 || gaps === 0) return [];
  return [`The mean leaves out ${String(gaps)} of ${String(n + gaps)} answers, for which the metric is not defined.`];
}

function theOne(values: readonly number[]): number | null {
  const [first] = values;
  return first !== undefined && values.every((value) => value === first) ? first : null;
}
