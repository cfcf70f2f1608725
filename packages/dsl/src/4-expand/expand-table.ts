import type { AxisLabel, CheckedCell, CheckedTable, MetricExpression, MetricLeaf } from "../3-check/checked-program.ts";
import { mixedCell, unpairedAnswers } from "../diagnostics/catalog-table.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { canonicalJson } from "../text/canonical-json.ts";
import { attachExpected } from "./attach-expected.ts";
import { alignAnswers, type DraftCell, type DraftExpression, type SeededAnswer, type Seeds } from "./cell-answers.ts";
import { addDifferences } from "./difference-cells.ts";
import { commonAxes } from "./task-axes.ts";
import type { CellSpec } from "./task-graph.ts";
import { labelAt, labelOnAxis, type Trial } from "./trials.ts";

interface TableOptions {
  /** The trials of the table's sweeps, in turn. */
  readonly trials: readonly Trial[];
  /** The id of the task that answers a metric for a trial; null after reporting that none can. */
  readonly request: (trial: Trial, metric: MetricLeaf) => string | null;
  readonly report: (diagnostic: Diagnostic) => void;
}

/** The cells of a table, row by row: rows and columns in the order of their axes' values, then the cell expressions. */
export function expandTable(table: CheckedTable, options: TableOptions): readonly CellSpec[] {
  const groups = sortGroups(groupTrials(table, options.trials), table, options.trials);
  const cells = groups.flatMap((group) => table.cells.map((cell) => makeCell(group, cell, options)));
  const drafts = addDifferences(attachExpected(cells, table, options.report), table, options.trials);
  return drafts.flatMap((draft) => finishCell(draft, table, options));
}

/** None after reporting that its answers cannot be combined. */
function finishCell(draft: DraftCell, table: CheckedTable, { report }: TableOptions): readonly CellSpec[] {
  const value = alignAnswers(draft.value);
  if (value !== null) return [{ ...draft, value }];
  const span = draft.isDifference === true ? table.span : table.cells.find(({ text }) => text === draft.metric)?.span;
  report(unpairedAnswers(span ?? table.span, { labels: describeLabels(draft), metric: draft.metric }));
  return [];
}

/** The trials that share a row and a column. */
interface TrialGroup {
  readonly row: Readonly<Record<string, AxisLabel>>;
  readonly column: Readonly<Record<string, AxisLabel>>;
  readonly labels: readonly AxisLabel[];
  readonly trials: Trial[];
}

function groupTrials(table: CheckedTable, trials: readonly Trial[]): readonly TrialGroup[] {
  const groups = new Map<string, TrialGroup>();
  const axes = [...table.rows, ...table.columns];
  for (const trial of trials) {
    const labels = axes.map((axis) => labelOnAxis(trial, axis));
    const key = JSON.stringify(labels);
    const group = groups.get(key);
    if (group !== undefined) {
      group.trials.push(trial);
      continue;
    }
    const named = axes.map((axis, position) => [axis, labels[position] ?? null] as const);
    const row = Object.fromEntries(named.slice(0, table.rows.length));
    const column = Object.fromEntries(named.slice(table.rows.length));
    groups.set(key, { row, column, labels, trials: [trial] });
  }
  return [...groups.values()];
}

/** By the place of each label among its axis' values, rows first; "-" comes last. */
function sortGroups(
  groups: readonly TrialGroup[],
  table: CheckedTable,
  trials: readonly Trial[],
): readonly TrialGroup[] {
  const sweeps = [...new Set(trials.map((trial) => trial.sweep))];
  const places = [...table.rows, ...table.columns].map((name) => {
    const axes = sweeps.flatMap((sweep) => sweep.axes.filter((axis) => axis.name === name));
    const labels = new Set(axes.flatMap((axis) => axis.values.map((value): AxisLabel => value.label)));
    return new Map([...labels].map((label, place) => [label, place]));
  });
  const placed = groups.map((group) => ({
    group,
    place: group.labels.map((label, axis) => places[axis]?.get(label) ?? Infinity),
  }));
  placed.sort((left, right) => comparePlaces(left.place, right.place));
  return placed.map(({ group }) => group);
}

function comparePlaces(left: readonly number[], right: readonly number[]): number {
  const axis = left.findIndex((place, position) => place !== right[position]);
  return axis < 0 ? 0 : (left[axis] ?? 0) < (right[axis] ?? 0) ? -1 : 1;
}

function makeCell(group: TrialGroup, cell: CheckedCell, options: TableOptions): DraftCell {
  const value = makeExpression(cell.expression, { group, cell, options });
  return { row: group.row, column: group.column, metric: cell.text, value };
}

interface CellScope {
  readonly group: TrialGroup;
  readonly cell: CheckedCell;
  readonly options: TableOptions;
}

function makeExpression(expression: MetricExpression, scope: CellScope): DraftExpression {
  if (expression.kind === "metric") return { kind: "scores", answers: findScores(expression, scope) };
  const parts = expression.arguments.map((argument) => makeExpression(argument, scope));
  return { ...expression, arguments: parts };
}

/** The distinct tasks of a metric over the trials of a cell, in trial order. Trials may differ in seeds and nothing else. */
function findScores(metric: MetricLeaf, { group, cell, options }: CellScope): readonly SeededAnswer[] {
  const answers = new Map<string, Seeds>();
  const seen = { seeds: new Set<string>(), settings: new Set<string>() };
  for (const trial of group.trials) {
    const task = options.request(trial, metric);
    if (task === null) continue;
    if (group.trials.length === 1) return [{ task, seeds: {} }];
    const { seeds, settings } = readPoint(trial);
    const others = answers.get(task);
    answers.set(task, others === undefined ? seeds : commonAxes(others, seeds));
    if (others !== undefined) continue;
    const key = canonicalJson(seeds);
    const isMixed = seen.seeds.has(key) || seen.settings.add(settings).size > 1;
    seen.seeds.add(key);
    if (!isMixed) continue;
    options.report(mixedCell(cell.span, { labels: describeLabels(group), metric: cell.text }));
    break;
  }
  return [...answers].map(([task, seeds]) => ({ task, seeds }));
}

/** A trial's values on its seed axes, and everything else that axes and `where` set for it. */
interface TrialPoint {
  readonly seeds: Seeds;
  readonly settings: string;
}

function readPoint(trial: Trial): TrialPoint {
  const others = new Map([...trial.settings].map(([name, { value }]) => [name, value]));
  const seeds: Record<string, AxisLabel> = {};
  trial.sweep.axes.forEach(({ target, name }, position) => {
    const isSeed = target.kind === "seed" || (target.kind === "param" && target.isSeed);
    if (!isSeed) return;
    others.delete(name);
    const label = labelAt(trial, position);
    if (label !== null) seeds[name] = label;
  });
  return { seeds, settings: canonicalJson(Object.fromEntries(others)) };
}

function describeLabels({ row, column }: Pick<CellSpec, "row" | "column">): string {
  const labels = [...Object.entries(row), ...Object.entries(column)];
  return labels.map(([axis, label]) => `${axis}: ${String(label ?? "-")}`).join(", ");
}
