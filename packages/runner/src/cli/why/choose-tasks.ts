import type { CellSpec, TaskGraph, TaskId } from "@exp-lab/dsl";
import { scoreTasks } from "../../1-plan/needed-tasks.ts";
import type { PlannedTask } from "../../1-plan/plan.ts";
import { countOf } from "../../4-report/count.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";

/** More matches than this are listed instead of explained. */
const explainedAtOnce = 5;

/** The tasks that are meant: one by its id or label, or those whose words fit. @throws CommandError (2) for none or too many */
export function chooseTasks(
  wanted: string,
  graph: TaskGraph,
  planned: ReadonlyMap<TaskId, PlannedTask>,
): readonly PlannedTask[] {
  const all = [...planned.values()];
  const exact = all.filter(({ task }) => task.id === wanted || task.label === wanted);
  if (exact.length > 0) return exact;
  const words = wanted
    .toLowerCase()
    .split(/[\s,·/]+/)
    .filter((word) => word !== "");
  const cells = graph.tables.flatMap(({ cells: all }) => all).filter((cell) => hasWords(cellWords(cell), words));
  const ids = new Set(cells.flatMap((cell) => scoreTasks(cell.value)));
  const ofCells = all.filter(({ task }) => ids.has(task.id));
  const found =
    ofCells.length > 0
      ? ofCells
      : all.filter(({ task }) => hasWords([task.id, ...task.label.toLowerCase().split(/[\s·]+/)], words));
  if (found.length > 0 && found.length <= explainedAtOnce) return found;
  throw notOne(wanted, found, all);
}

/** Choices shown where the words fit none or too many. */
const shownChoices = 30;

function notOne(wanted: string, found: readonly PlannedTask[], all: readonly PlannedTask[]): CommandError {
  const choices = found.length > 0 ? found : all;
  const lines = choices.slice(0, shownChoices).map(({ task }) => `\n  ${task.id}  ${task.label}`);
  const more = choices.length - lines.length;
  const list = lines.join("") + (more > 0 ? `\n  ... and ${String(more)} more` : "");
  if (found.length > 0) {
    const count = countOf(found.length, "task");
    return new CommandError(exitCodes.wrong, `"${wanted}" fits ${count}. Name one of them:${list}`);
  }
  const known = all.length === 0 ? "It has no task." : `Its tasks are:${list}`;
  return new CommandError(exitCodes.wrong, `Nothing in this program fits "${wanted}". ${known}`);
}

function hasWords(words: readonly string[], wanted: readonly string[]): boolean {
  return wanted.length > 0 && wanted.every((word) => words.includes(word));
}

function cellWords({ row, column, metric }: CellSpec): readonly string[] {
  return [...Object.values(row), ...Object.values(column), metric].map((label) => String(label).toLowerCase());
}
