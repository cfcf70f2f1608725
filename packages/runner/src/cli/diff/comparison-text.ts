import type { ComparedRun, RunComparison } from "../../3-tabulate/compare/compare-runs.ts";
import { countOf, formatCount } from "../../4-report/count.ts";
import { formatMoment } from "../../4-report/describe-run.ts";
import { hangText } from "../../4-report/hanging-text.ts";
import type { AskedTask } from "../../store/store.ts";
import type { Terminal } from "../command.ts";
import { scoreLine } from "./score-line.ts";

/** How two runs differ, for people: what matters most comes last, where it is seen. */
export function comparisonText(comparison: RunComparison, { paintOut, width }: Terminal): string {
  const hang = (indent: number, text: string): string =>
    hangText({ head: " ".repeat(indent), indent: indent === 0 ? 2 : indent + 2, text, width });
  const section = (title: string, lines: readonly string[]): string =>
    `\n${paintOut.bold(title)}\n${lines.map((line) => hang(2, line)).join("")}`;
  const { before, now, environment, scores } = comparison;
  const sections: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ["Computed with", environment.map((change) => `${change.field}: ${clip(change.before)} -> ${clip(change.now)}`)],
    ["Tasks", taskLines(comparison)],
    ["Questions that changed", questionLines(comparison)],
    ["Scores", [...scores.changed.map(scoreLine), ...sameScores(comparison)]],
  ];
  return (
    [before, now].map((run) => hang(0, headLine(run))).join("") +
    sections.map(([title, lines]) => section(title, lines.length === 0 ? ["no difference"] : lines)).join("")
  );
}

function headLine({ run, isWhole, tasks }: ComparedRun): string {
  const counts = outcomes.flatMap(([outcome, name]) => {
    const count = tasks.filter((task) => task.outcome === outcome).length;
    return count === 0 ? [] : [`${formatCount(count)} ${name}`];
  });
  const ended = isWhole ? "" : "; it did not come to its end, so that only what it worked on itself is known";
  const list = counts.length === 0 ? "" : `: ${counts.join(", ")}`;
  return `run ${String(run.run)} of ${run.program}, ${formatMoment(run.startedAt)}  (${countOf(tasks.length, "task")}${list}${ended})`;
}

/** With the words that `exp run` ends with. */
const outcomes = [
  ["computed", "computed"],
  ["cached", "stored"],
  ["failed", "failed"],
  ["skipped", "skipped"],
  ["cancelled", "cancelled"],
] as const;

function taskLines({ before, now, tasks: { both, onlyBefore, onlyNow } }: RunComparison): readonly string[] {
  const changed = both.filter((pair) => pair.before.fingerprint !== pair.now.fingerprint).length;
  const renamed = both.filter((pair) => pair.before.label !== pair.now.label);
  const asked =
    changed === 0
      ? "all asked the same"
      : `${formatCount(both.length - changed)} asked the same, ${formatCount(changed)} something else`;
  return [
    `${formatCount(both.length)} in both${both.length === 0 ? "" : `: ${asked}`}`,
    ...few(renamed.map((pair) => `${pair.before.label} is now called ${pair.now.label}`)),
    ...onlyIn(before, now, onlyBefore),
    ...onlyIn(now, before, onlyNow),
  ];
}

function questionLines({ tasks, questions }: RunComparison): readonly string[] {
  if (tasks.both.length === 0) return ["no task that both runs have"];
  return [
    ...few(questions.roots.map((root) => `${root.label}: ${root.field} ${root.before} -> ${root.now}`)),
    ...few(questions.unknown.map((label) => `${label}: what it asked is not known any more`)),
  ];
}

function onlyIn({ run }: ComparedRun, other: ComparedRun, tasks: readonly AskedTask[]): readonly string[] {
  if (tasks.length === 0) return [];
  const where = other.isWhole
    ? `only in run ${String(run.run)}`
    : `in run ${String(run.run)}, and not known of run ${String(other.run.run)}`;
  return [
    `${formatCount(tasks.length)} ${where}:`,
    ...few(tasks.map(({ label, score }) => `  ${label}${score === null ? "" : `  ${String(score)}`}`)),
  ];
}

function sameScores({ scores }: RunComparison): readonly string[] {
  if (scores.same === 0) return scores.changed.length === 0 ? ["none that both runs have"] : [];
  const others = scores.changed.length === 0 ? countOf(scores.same, "score") : `${formatCount(scores.same)} others`;
  return [`${others} the same to the last bit`];
}

/** Lines of one kind that are shown; --json has them all. */
const shownLines = 25;

function few(lines: readonly string[]): readonly string[] {
  const more = lines.length - shownLines;
  return more <= 0 ? lines : [...lines.slice(0, shownLines), `... and ${formatCount(more)} more (--json has them all)`];
}

/** A long hash is told by its beginning. */
function clip(text: string): string {
  return /^[0-9a-f]{40,}$/.test(text) ? text.slice(0, 12) : text;
}
