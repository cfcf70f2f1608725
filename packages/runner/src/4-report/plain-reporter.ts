import type { TaskProgress, TaskRetried, TaskStarted } from "../2-execute/events.ts";
import { countOf, formatCount } from "./count.ts";
import { deviceLine } from "./device-line.ts";
import { formatDuration } from "./duration.ts";
import { FailureGroups } from "./failure-groups.ts";
import { finishedLines } from "./finished-lines.ts";
import type { Paint } from "./paint.ts";
import { planLine } from "./plan-line.ts";
import type { Reporter, RunFinished } from "./run-event.ts";
import { waitingText } from "./waiting-text.ts";

export interface PlainReporterOptions {
  /** Takes whole lines. */
  readonly write: (text: string) => void;
  readonly paint: Paint;
  /** `quiet`: failures only. `verbose`: stored tasks and stack traces too. */
  readonly detail: "quiet" | "normal" | "verbose";
  /** Milliseconds on a clock that never goes back. */
  readonly now: () => number;
}

/** A task that takes this long (ms) says how far it is; the next time it waits twice as long, up to a minute. */
const progressInterval = 5000;
const longestInterval = 60_000;

/** One line per task that did something, progress of long ones, failures in full, a line at the end. */
export function createPlainReporter(options: PlainReporterOptions): Reporter {
  const { detail, paint } = options;
  const line = (text: string): void => {
    options.write(`${text}\n`);
  };
  const loud = (text: string): void => {
    if (detail !== "quiet") line(text);
  };
  const running = new Map<string, RunningTask>();
  const failures = new FailureGroups();
  const waitsFor = new Set<string>();
  let hashing = Number.NEGATIVE_INFINITY;
  let program = "";
  let run = 0;

  return {
    report: (event) => {
      switch (event.event) {
        case "run.started":
          ({ program, run } = event);
          return;
        case "files.hashing":
          if (options.now() - hashing < progressInterval) return;
          hashing = options.now();
          if (event.bytes < event.totalBytes && event.totalBytes > largeInput) {
            loud(paint.dim(`reading input files: ${percent(event.bytes, event.totalBytes)}`));
          }
          return;
        case "run.planned":
          loud(`${paint.bold(program)}: ${planLine(event)}`);
          return;
        case "run.device":
          loud(deviceLine(event));
          return;
        case "task.waiting":
          // Hundreds may wait for one run: the first of them says it.
          if (!waitsFor.has(`${event.host} ${String(event.pid)}`)) loud(paint.dim(`  … ${waitingText([event])}`));
          waitsFor.add(`${event.host} ${String(event.pid)}`);
          return;
        case "task.started":
          running.set(event.task, {
            started: event,
            since: options.now(),
            said: options.now(),
            patience: progressInterval,
          });
          return;
        case "task.progress":
          sayProgress(event, running.get(event.task), { loud, now: options.now(), paint });
          return;
        case "task.retried":
          loud(paint.dim(`  … ${event.label}: ${retryText(event)}`));
          return;
        case "task.finished":
          for (const text of finishedLines(event, {
            ...{ paint, isVerbose: detail === "verbose" },
            examples: running.get(event.task)?.started.examples,
            telling: event.outcome === "failed" ? failures.add(event) : "full",
          })) {
            (event.outcome === "failed" ? line : loud)(`  ${text}`);
          }
          running.delete(event.task);
          return;
        case "score.known":
        case "comparison.known":
        case "ranking.known":
          return;
        case "run.interrupted":
          line("Stopping: what runs comes to a safe end. Press Ctrl-C again to quit at once.");
          return;
        case "run.finished":
          for (const text of failures.rest()) line(`  ${paint.bad("✗")} ${text}`);
          loud(`${summaryLine(event, run, paint)}\n`);
      }
    },
    close: () => undefined,
  };
}

function retryText({ cause, batchSize }: TaskRetried): string {
  if (batchSize === undefined) return `${cause}; it is tried once more`;
  return `not enough memory; it goes on with ${countOf(batchSize, "image")} at a time`;
}

/** Input smaller than this (bytes) is read before anybody could wonder. */
const largeInput = 64 << 20;

interface RunningTask {
  readonly started: TaskStarted;
  readonly since: number;
  said: number;
  patience: number;
}

interface Voice {
  readonly loud: (text: string) => void;
  readonly now: number;
  readonly paint: Paint;
}

function sayProgress(event: TaskProgress, task: RunningTask | undefined, { loud, now, paint }: Voice): void {
  if (task === undefined || now - task.said < task.patience || event.total <= 0) return;
  task.said = now;
  task.patience = Math.min(2 * task.patience, longestInterval);
  const seconds = (now - task.since) / 1000;
  const left = (seconds / event.done) * (event.total - event.done);
  const rate = task.started.examples === undefined ? "" : `, ${(event.done / seconds).toFixed(0)} images/s`;
  const time = event.done > 0 ? `, about ${formatDuration(left)} left` : "";
  const done = `${formatCount(event.done)} of ${formatCount(event.total)}`;
  loud(paint.dim(`  … ${task.started.label}: ${done}${rate}${time}`));
}

function summaryLine({ summary }: RunFinished, run: number, paint: Paint): string {
  const counts = [
    `${formatCount(summary.computed)} computed`,
    `${formatCount(summary.cached)} stored`,
    ...(summary.failed > 0 ? [paint.bad(`${formatCount(summary.failed)} failed`)] : []),
    ...(summary.skipped > 0 ? [`${formatCount(summary.skipped)} skipped`] : []),
    ...(summary.cancelled > 0 ? [`${formatCount(summary.cancelled)} cancelled`] : []),
  ];
  const images = `${countOf(summary.forwardPasses, "image")} through a backbone`;
  return `${counts.join(", ")} · ${images} · ${formatDuration(summary.seconds)} · run ${String(run)}`;
}

function percent(done: number, total: number): string {
  return `${((100 * done) / total).toFixed(0)}%`;
}
