import { formatBytes } from "../bytes.ts";
import { formatCount } from "../count.ts";
import { formatDuration } from "../duration.ts";
import type { Paint } from "../paint.ts";
import { clipText, firstThatFits } from "./clip-text.ts";
import type { DashboardState } from "./dashboard-state.ts";
import { rateOf, secondsSince } from "./running-task.ts";
import type { TimeLeft } from "./time-left.ts";

export interface HeaderOptions {
  readonly timeLeft: TimeLeft | null;
  readonly now: number;
  readonly width: number;
  readonly paint: Paint;
}

/** Two lines: which program, what it does, since when and for how long; and how many tasks ended how. */
export function headerLines(state: DashboardState, options: HeaderOptions): readonly [string, string] {
  const { width, paint } = options;
  const program = clipText(state.program === "" ? "exp run" : state.program, width);
  const rest = joined([phaseOf(state), elapsed(state, options.now), left(options.timeLeft)]);
  const first = clipText(`${program} · ${rest}`, width);
  return [paint.bold(first.slice(0, program.length)) + first.slice(program.length), countsLine(state, options)];
}

function phaseOf(state: DashboardState): string {
  if (state.summary !== null) return state.isStopping ? "stopped" : "finished";
  if (state.isStopping) return "stopping: what runs comes to a safe end";
  if (state.plan !== null) return "running";
  const { hashing } = state;
  if (hashing === null || hashing.totalBytes === 0) return "planning";
  const share = Math.floor((100 * hashing.bytes) / hashing.totalBytes);
  return `reading input files: ${String(share)}% of ${formatBytes(hashing.totalBytes)}`;
}

function elapsed({ startedAt, endedAt }: DashboardState, now: number): string {
  return startedAt === null ? "" : wholeSeconds(secondsSince(startedAt, endedAt ?? now));
}

function left(timeLeft: TimeLeft | null): string {
  if (timeLeft === null) return "";
  const time = wholeSeconds(timeLeft.seconds);
  return timeLeft.isLowerBound ? `more than ${time} left` : `about ${time} left`;
}

/** Tenths of seconds on a screen that is looked at for hours would only flicker. */
export function wholeSeconds(seconds: number): string {
  return formatDuration(Math.floor(seconds)).replace(".0", "");
}

function countsLine(state: DashboardState, { now, width, paint }: HeaderOptions): string {
  const { counts, plan, running, ended } = state;
  if (plan === null) return "";
  const failed = counts.failed === 0 ? "" : `${formatCount(counts.failed)} failed`;
  const [done, all] = [formatCount(ended.size), formatCount(plan.tasks)];
  const stored = `${formatCount(counts.cached)} stored`;
  const computed = `${formatCount(counts.computed)} computed`;
  const atWork = running.size === 0 ? "" : `${formatCount(running.size)} running`;
  const undone = [
    failed,
    counts.skipped === 0 ? "" : `${formatCount(counts.skipped)} skipped`,
    counts.cancelled === 0 ? "" : `${formatCount(counts.cancelled)} cancelled`,
  ];
  const line = firstThatFits(
    [
      joined([`${done} of ${all} tasks`, stored, computed, atWork, ...undone, speed(state, now)]),
      joined([`${done} of ${all} tasks`, stored, computed, ...undone]),
      joined([`${done}/${all} tasks`, stored, failed]),
      joined([`${done}/${all}`, failed]),
    ],
    width,
  );
  return failed === "" ? line : line.replace(failed, paint.bad(failed));
}

/** Of all images that are passed through backbones now; where there are none, of the steps of what else runs. */
function speed({ running }: DashboardState, now: number): string {
  const tasks = [...running.values()];
  const sum = (wanted: boolean): number =>
    tasks.reduce(
      (all, task) => all + ((task.started.examples !== undefined) === wanted ? (rateOf(task, now) ?? 0) : 0),
      0,
    );
  const [images, steps] = [sum(true), sum(false)];
  if (images > 0) return `${formatRate(images)} images/s`;
  return steps > 0 ? `${formatRate(steps)} steps/s` : "";
}

/** Two figures at least: `0.42`, `8.4`, `84`. */
export function formatRate(rate: number): string {
  if (rate >= 9.95) return formatCount(Math.round(rate));
  return rate >= 0.995 ? rate.toFixed(1) : rate.toFixed(2);
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" · ");
}
