import type { CheckedTable, StatisticsSpec } from "../3-check/checked-program.ts";
import type { OpSignature, ParamValue, PlainValue, SplitName } from "../signature/signature.ts";
import type { StatisticsOps } from "../signature/signature-index.ts";
import type { TaskBuilder } from "./task-builder.ts";
import type { CellExpression, CellSpec, TaskId } from "./task-graph.ts";
import { labelAt, type Trial } from "./trials.ts";
import type { WiredOp } from "./wiring.ts";

/** How a score was asked for: what its predictions are found by. */
export interface AskedScore {
  readonly trial: Trial;
  readonly metric: WiredOp;
  readonly split: SplitName;
  /** The position of the score's task. */
  readonly position: number;
}

interface StatisticsOptions {
  readonly builder: TaskBuilder;
  /** Null where this build has no statistics: cells then show scores alone. */
  readonly ops: StatisticsOps | null;
  readonly asked: ReadonlyMap<TaskId, AskedScore>;
}

/**
 * Adds the tasks of a table's intervals and tests: the resamples of every score, and, for the cells that are held against
 * each other, one comparison. Resamples hang on the scored examples alone, so that those of all rows belong together.
 */
export function compareCells(
  cells: readonly CellSpec[],
  table: CheckedTable,
  options: StatisticsOptions,
): readonly CellSpec[] {
  const { ops } = options;
  if (ops === null || table.statistics.intervals === "none") return cells;
  const compared = [...cells];
  for (const [rivals, positions] of groupRivals(cells, table)) {
    const task = placeComparison(
      positions.map((position) => cells[position]!),
      { ...options, table, rivals, ops },
    );
    if (task === null) continue;
    positions.forEach((position, place) => (compared[position] = { ...cells[position]!, compared: { task, place } }));
  }
  return compared;
}

/** The positions of the cells that are held against each other; a cell with a rank has no resamples. */
function groupRivals(cells: readonly CellSpec[], { best }: CheckedTable): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>();
  cells.forEach(({ row, column, metric, value }, position) => {
    if (hasRank(value)) return;
    const place = best?.per === "row" ? Object.values(row) : best?.per === "table" ? [] : Object.values(column);
    const key = [...place.map((label) => String(label ?? "-")), metric].join(" · ");
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [position]);
    else group.push(position);
  });
  return groups;
}

interface ComparisonScope extends StatisticsOptions {
  readonly table: CheckedTable;
  readonly rivals: string;
  readonly ops: StatisticsOps;
}

/** Null where a cell has no score: a mistake that has been told. */
function placeComparison(cells: readonly CellSpec[], scope: ComparisonScope): TaskId | null {
  const { table, rivals, ops, builder, asked } = scope;
  const tasks = [...new Set(cells.flatMap(({ value }) => tasksOf(value)))];
  const first = asked.get(tasks[0] ?? "");
  if (first === undefined || tasks.some((task) => !asked.has(task))) return null;
  const places = placesOf(tasks);
  const isByPairs = table.statistics.intervals === "delong";
  const signature = isByPairs ? ops.delong : ops.compare;
  const inputs = Object.fromEntries(
    tasks.map((task, input) => {
      const score = asked.get(task)!;
      const source = isByPairs ? predictionsOf(score, builder) : placeResamples(score, scope);
      return [`${isByPairs ? "predictions" : "resamples"}.${String(input)}`, source];
    }),
  );
  const given: Record<string, ParamValue> = {
    cells: cells.map(({ value }) => describeExpression(value, { places, asked })),
    want: cells.some(({ isDifference }) => isDifference) ? null : (table.best?.want ?? null),
    ...(isByPairs && { metrics: tasks.map((task) => describeMetric(asked.get(task)!, builder)) }),
    ...sampling(table.statistics),
  };
  const op = { ...first.metric, signature, usesSplit: false };
  const subject = { text: `${signature.name} · ${table.title} · ${rivals}`, fixed: [], split: null };
  const { trial, split } = first;
  const position = builder.place({ trial, op, split, asker: table.span, given, subject }, inputs);
  return builder.tasks[position]?.id ?? null;
}

function placeResamples(score: AskedScore, { builder, ops, table }: ComparisonScope): number {
  const { trial, split, metric } = score;
  const settings = metricSettings(score, builder);
  const given = { metric: metric.signature.name, settings, ...sampling(table.statistics) };
  const op = { ...metric, signature: ops.resample };
  const subject = { ...builder.tasks[score.position]!.subject };
  const text = subject.text.replace(metric.signature.name, `${ops.resample.name} ${metric.signature.name}`);
  const inputs = { predictions: predictionsOf(score, builder) };
  return builder.place({ trial, op, split, asker: table.span, given, subject: { ...subject, text } }, inputs);
}

function predictionsOf({ position }: AskedScore, builder: TaskBuilder): number {
  const source = builder.tasks[position]?.inputs["predictions"];
  if (source === undefined) throw new Error("A metric is not taken of predictions, but its table wants intervals.");
  return source;
}

/** What DeLong's variance is to be of, input by input: cells may ask for several classes. */
function describeMetric(score: AskedScore, builder: TaskBuilder): PlainValue {
  return { metric: score.metric.signature.name, settings: metricSettings(score, builder) };
}

/** The metric's own parameters, complete. */
function metricSettings({ position }: AskedScore, builder: TaskBuilder): Readonly<Record<string, PlainValue>> {
  return { ...builder.tasks[position]?.params } as Readonly<Record<string, PlainValue>>;
}

function sampling({ resamples, seed }: StatisticsSpec): Readonly<Record<string, ParamValue>> {
  return { resamples, seed };
}

interface ExpressionScope {
  /** The number of each task among the inputs. */
  readonly places: ReadonlyMap<TaskId, number>;
  readonly asked: ReadonlyMap<TaskId, AskedScore>;
}

function placesOf(tasks: readonly TaskId[]): ReadonlyMap<TaskId, number> {
  return new Map(tasks.map((task, place) => [task, place]));
}

/** The expression with inputs by their numbers. */
function describeExpression(value: CellExpression, scope: ExpressionScope): PlainValue {
  if (value.kind === "apply") {
    return { apply: value.function, of: value.arguments.map((part) => describeExpression(part, scope)) };
  }
  const { places, asked } = scope;
  const draws = value.tasks.map((task) => drawOf(asked.get(task)));
  // By its own name, so that draws are the same ones in all cells, whatever order their answers are in.
  const isDrawn = new Set(draws).size > 1;
  return {
    answers: value.tasks.map((task, place) => ({
      input: places.get(task) ?? -1,
      draw: isDrawn ? draws[place]! : null,
    })),
  };
}

/** The trial's values on seed axes of the data set, by the axes' names: which of the drawn training sets it learned from. */
function drawOf(score: AskedScore | undefined): string {
  if (score === undefined) return "";
  const { trial } = score;
  const draws = trial.sweep.axes.flatMap(({ target, name }, axis) =>
    target.kind === "param" && target.isSeed && target.role === "dataset"
      ? [`${name}=${String(labelAt(trial, axis))}`]
      : [],
  );
  return draws.sort().join(" ");
}

function tasksOf(value: CellExpression): readonly TaskId[] {
  return value.kind === "scores" ? value.tasks : value.arguments.flatMap(tasksOf);
}

function hasRank(value: CellExpression): boolean {
  return value.kind === "apply" && (value.function === "rank" || value.arguments.some(hasRank));
}

/** From how many data sets on their ranks are tested and drawn. */
const fewestDatasets = 8;

interface RankingOptions extends StatisticsOptions {
  readonly trial: Trial | undefined;
}

/**
 * The task that ranks a table's rows over its data sets (Friedman, Nemenyi): where the columns are eight data sets or more, the
 * cells one metric, and every row has one of each. Null elsewhere.
 */
export function placeRanking(
  cells: readonly CellSpec[],
  table: CheckedTable,
  { builder, ops, asked, trial }: RankingOptions,
): TaskId | null {
  if (ops === null || trial === undefined || table.statistics.intervals === "none") return null;
  const isOverDatasets = table.columns.length === 1 && table.columns[0] === "dataset" && table.cells.length === 1;
  if (!isOverDatasets) return null;
  const columns = [...new Set(cells.map(({ column }) => JSON.stringify(column)))];
  const rows = [...new Set(cells.map(({ row }) => JSON.stringify(row)))];
  const isWhole = cells.length === rows.length * columns.length && cells.every(({ value }) => value.kind === "scores");
  if (!isWhole || columns.length < fewestDatasets || rows.length < 2) return null;
  const tasks = [...new Set(cells.flatMap(({ value }) => tasksOf(value)))];
  if (tasks.some((task) => !asked.has(task))) return null;
  const places = placesOf(tasks);
  const at = new Map(cells.map((cell) => [JSON.stringify([cell.row, cell.column]), cell]));
  const numbers = rows.map((row) =>
    columns.map((column) => {
      const cell = at.get(`[${row},${column}]`);
      return cell === undefined ? [] : tasksOf(cell.value).map((task) => places.get(task) ?? -1);
    }),
  );
  const signature: OpSignature = ops.rank;
  const first = asked.get(tasks[0] ?? "")!;
  const op = { ...first.metric, signature, usesSplit: false };
  const want = table.best?.want ?? (first.metric.signature.better === "lower" ? "min" : "max");
  const subject = { text: `${signature.name} · ${table.title}`, fixed: [], split: null };
  const inputs = Object.fromEntries(tasks.map((task, input) => [`scores.${String(input)}`, asked.get(task)!.position]));
  const position = builder.place(
    { trial, op, split: first.split, asker: table.span, given: { cells: numbers, want }, subject },
    inputs,
  );
  return builder.tasks[position]?.id ?? null;
}
