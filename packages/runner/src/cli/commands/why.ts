import type { CellSpec, TaskGraph, TaskId } from "@exp-lab/dsl";
import type { Choice, Settings } from "@exp-lab/ops";
import { explainTask, type Change, type Explanation } from "../../1-plan/explain.ts";
import { findChoice } from "../../1-plan/find-choice.ts";
import { scoreTasks } from "../../1-plan/needed-tasks.ts";
import type { PlannedTask } from "../../1-plan/plan.ts";
import { countOf } from "../../4-report/count.ts";
import { formatDuration } from "../../4-report/duration.ts";
import { hangText } from "../../4-report/hanging-text.ts";
import type { CommandDefinition, Terminal } from "../command.ts";
import { CommandError, exitCodes } from "../exit-codes.ts";
import { programName } from "../session.ts";
import { withPlan } from "../with-plan.ts";

/** `exp why FILE TASK-OR-CELL`: why it ran, or would run, or did not. */
export const whyCommand: CommandDefinition = {
  name: "why",
  summary: "say why a task or cell ran, would run, or did not",
  arguments: [
    { name: "file", summary: "the program" },
    { name: "what", summary: "a task's id, words of its label, or a cell's row and column", isMany: true },
  ],
  options: [],
  run: ({ arguments: [file = "", ...words], options }, terminal) =>
    withPlan({ file, options, terminal }, ({ graph, plan, store, storeFolder, hasStore }) => {
      const byId = new Map(plan.tasks.map((planned) => [planned.task.id, planned]));
      const program = programName(file);
      const explained = chooseTasks(words.join(" "), graph, byId).map((planned) => ({
        planned,
        explanation: explainTask(planned, byId, store, program),
        choice: findChoice(planned, byId, store),
      }));
      if (options.json) terminal.out(`${JSON.stringify({ version: 1, tasks: explained.map(toJson) })}\n`);
      else {
        const never = hasStore
          ? `Nothing of this name was asked by ${program} before in this store.`
          : `There is no store at ${storeFolder} yet: nothing was ever asked.`;
        terminal.out(explained.map((entry) => toText(entry, never, terminal)).join("\n"));
      }
      return exitCodes.done;
    }),
};

interface Explained {
  readonly planned: PlannedTask;
  readonly explanation: Explanation;
  /** Of the search that it hangs on. */
  readonly choice: Choice | null;
}

/** More matches than this are listed instead of explained. */
const explainedAtOnce = 5;

function chooseTasks(
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

function toText({ planned, explanation, choice }: Explained, never: string, { paintOut, width }: Terminal): string {
  const head = `${paintOut.bold(planned.task.label)}  ${paintOut.dim(planned.task.id)}\n`;
  const body = sentences(planned, explanation, never).map((text) => hangText({ head: "  ", indent: 2, text, width }));
  const changes = "changes" in explanation ? explanation.changes : [];
  const list = changes.map((change) => hangText({ head: "    ", indent: 4, text: changeLine(change), width }));
  const chosen = choice === null ? "" : choiceText(choice, width);
  return head + body.join("") + list.join("") + chosen;
}

/** Every point of a search with its score: the chosen one, then the others from the best on. */
function choiceText({ settings, metric, points, scores, chosen, want }: Choice, width: Terminal["width"]): string {
  const direction = want === "max" ? 1 : -1;
  const ranked = points
    .map((point, index) => {
      const score = scores[index] ?? null;
      const rank = index === chosen ? Infinity : score === null ? -Infinity : direction * score;
      return { point, score, rank };
    })
    .sort((a, b) => b.rank - a.rank);
  const lines = ranked.map(({ point, score, rank }) => {
    const shown = score === null ? "-" : score.toFixed(4);
    return `    ${shown.padEnd(7)} ${settingsText(point)}${rank === Infinity ? "  <- chosen" : ""}\n`;
  });
  const stopped = Object.entries(settings).filter(([name]) => points[chosen]?.[name] === undefined);
  const besides = stopped.length === 0 ? "" : `, with ${settingsText(Object.fromEntries(stopped))} by its best epoch`;
  const text = `Its search chose among ${countOf(points.length, "point")} by ${metric} on validation${besides}:`;
  return hangText({ head: "  ", indent: 2, text, width }) + lines.join("");
}

function settingsText(point: Settings): string {
  return Object.entries(point)
    .map(([name, value]) => `${name} ${Array.isArray(value) ? `[${value.join(", ")}]` : String(value)}`)
    .join("  ");
}

/** `never` is said of a task that has no history. Changes follow the last sentence. */
function sentences(planned: PlannedTask, explanation: Explanation, never: string): readonly string[] {
  switch (explanation.kind) {
    case "stored": {
      const maker = explanation.madeBy;
      const made =
        maker === null
          ? "It is stored: inputs of the very same bytes were answered before, so that it need not run."
          : `It is stored: made by run ${String(maker.run)} of ${maker.program} on ${day(maker.startedAt)} in ${formatDuration(maker.seconds).replaceAll(" ", "\u00a0")}.`;
      return explanation.changes.length === 0 ? [made] : [made, "That run had to make it, since this had changed:"];
    }
    case "changed":
      return explanation.changes.length === 0
        ? [verb(planned), "What it asked before is no longer known."]
        : [`${verb(planned)} This has changed:`];
    case "unanswered":
      return [`${verb(planned)} It was tried on ${day(explanation.when)} and ended as "${explanation.outcome}".`];
    case "new":
      return [`${verb(planned)} ${never}`];
    case "unhashed":
      return ["Files that it hangs on have not been read yet; `exp run` reads them first."];
  }
}

function verb({ status }: PlannedTask): string {
  return status === "maybe"
    ? "It would run only if an input that must run gives other bytes than before."
    : "It would run.";
}

function changeLine(change: Change): string {
  const { file, line, column } = change.origin;
  return `${change.task.label}: ${change.field} ${change.before} -> ${change.now} (${file}:${String(line)}:${String(column)})`;
}

function day(date: Date): string {
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function toJson({ planned, explanation, choice }: Explained): unknown {
  const { kind } = explanation;
  return {
    task: planned.task.id,
    label: planned.task.label,
    status: planned.status,
    because: kind,
    ...(choice === null ? {} : { choice }),
    ...(kind === "stored" ? { madeBy: explanation.madeBy } : {}),
    ...(kind === "unanswered" ? { outcome: explanation.outcome, when: explanation.when.toISOString() } : {}),
    changes:
      kind === "stored" || kind === "changed"
        ? explanation.changes.map(({ task, field, before, now, origin }) => ({
            task: task.id,
            label: task.label,
            field,
            before,
            now,
            origin,
          }))
        : [],
  };
}
