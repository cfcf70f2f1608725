import { displayWidth, padRight } from "../../3-tabulate/formats/display-width.ts";
import { formatCount } from "../count.ts";
import type { Paint } from "../paint.ts";
import { clipText } from "./clip-text.ts";
import { formatRate, wholeSeconds } from "./header-lines.ts";
import { progressBar } from "./progress-bar.ts";
import { rateOf, secondsLeft, secondsSince, type RunningTask } from "./running-task.ts";

export interface RunningOptions {
  readonly now: number;
  readonly width: number;
  /** Lines that there are; where more tasks run, the last line counts the rest. */
  readonly height: number;
  readonly paint: Paint;
}

/** One line per task under way: what it is, how far it is, how fast, and how long it will go on. */
export function runningLines(tasks: readonly RunningTask[], options: RunningOptions): readonly string[] {
  const { height, width, paint } = options;
  const shown = tasks.length > height ? tasks.slice(0, Math.max(0, height - 1)) : tasks;
  const labelWidth = Math.max(0, ...shown.map(({ started }) => displayWidth(started.label)));
  const lines = shown.map((task) => runningLine(task, { ...options, labelWidth }));
  const rest = tasks.length - shown.length;
  return rest === 0 || height === 0 ? lines : [...lines, paint.dim(clipText(`  and ${formatCount(rest)} more`, width))];
}

/** What a label may be cut to, so that the rest of the line says more than a percentage. */
const shortLabel = 24;

function runningLine(
  task: RunningTask,
  { now, width, paint, labelWidth }: RunningOptions & { readonly labelWidth: number },
): string {
  const room = width - 2;
  const variants = describeProgress(task, now);
  // A whole label is worth more than a long bar, but not more than the time left.
  const choices = [labelWidth, Math.floor(room / 2), shortLabel].flatMap((label) =>
    variants.map((right) => ({ label: Math.min(label, labelWidth), right })),
  );
  const fitting = choices.find(({ label, right }) => label + 2 + displayWidth(right) <= room);
  if (fitting === undefined) return `${paint.warning("…")} ${clipText(task.started.label, room)}`;
  const label = padRight(clipText(task.started.label, fitting.label), fitting.label);
  return `${paint.warning("…")} ${label}  ${paint.dim(fitting.right)}`;
}

/** From the fullest to the barest. */
function describeProgress(task: RunningTask, now: number): readonly string[] {
  const { progress, started, startedAt } = task;
  if (progress === null || progress.total <= 0) return [wholeSeconds(secondsSince(startedAt, now))];
  const { done, total } = progress;
  const rate = rateOf(task, now);
  const seconds = secondsLeft(task, now);
  const unit = started.examples === undefined ? "steps" : "images";
  const speed = rate === null ? "" : ` · ${formatRate(rate)} ${unit}/s`;
  const left = seconds === null ? "" : ` · ${wholeSeconds(seconds)} left`;
  const count = `${formatCount(done)} of ${formatCount(total)}`;
  const percent = `${String(Math.floor((100 * done) / total))}%`;
  const bar = (columns: number): string => progressBar(done / total, columns);
  return [
    `${bar(20)} ${count}${speed}${left}`,
    `${bar(10)} ${count}${speed}${left}`,
    `${bar(10)} ${percent}${left}`,
    `${percent}${left}`,
  ];
}
