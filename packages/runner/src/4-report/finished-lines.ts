import type { TaskFinished, TaskStarted } from "../2-execute/events.ts";
import { countOf, formatCount } from "./count.ts";
import { formatDuration } from "./duration.ts";
import type { FailureTelling } from "./failure-groups.ts";
import type { Paint } from "./paint.ts";

export interface FinishedOptions {
  readonly paint: Paint;
  /** What the task said of its images when it began. */
  readonly examples: TaskStarted["examples"];
  /** Stored, skipped and cancelled tasks and stack traces too. */
  readonly isVerbose: boolean;
  /** How much is to be said of a failure; all of it where that is not given. */
  readonly telling?: FailureTelling;
}

/** How a task ended, for people: one line, of a failure all of its message. Empty where nobody waits to hear of it. */
export function finishedLines(event: TaskFinished, options: FinishedOptions): readonly string[] {
  const { paint, isVerbose } = options;
  switch (event.outcome) {
    case "computed":
      return [computedLine(event, options)];
    case "cached":
      if (event.reason === "same-bytes")
        return [`${paint.dim("=")} ${event.label}  ${paint.dim("same input bytes as before")}`];
      return isVerbose ? [`${paint.dim("·")} ${event.label}  ${paint.dim("stored")}`] : [];
    case "failed":
      return failedLines(event, options);
    case "skipped":
      return isVerbose ? [`${paint.dim("-")} ${event.label}  ${paint.dim("skipped: an input failed")}`] : [];
    case "cancelled":
      return isVerbose ? [`${paint.dim("-")} ${event.label}  ${paint.dim("cancelled")}`] : [];
  }
}

function computedLine(event: TaskFinished, { paint, examples }: FinishedOptions): string {
  const stored = examples === undefined ? 0 : examples.total - examples.missing;
  const known = stored > 0 ? ` (${formatCount(stored)} stored)` : "";
  const images = examples === undefined ? "" : `  ${countOf(event.forwardPasses ?? 0, "image")}${known}`;
  return `${paint.good("✓")} ${event.label}${images}  ${paint.dim(formatDuration(event.seconds))}`;
}

function failedLines(event: TaskFinished, { paint, isVerbose, telling }: FinishedOptions): readonly string[] {
  const { failure, origin, seconds } = event;
  if (telling === "later") return [];
  const head = `${paint.bad("✗")} ${event.label}`;
  if (telling === "name") return [`${head}  ${paint.dim("for the same reason")}`];
  const place = origin === undefined ? "" : `${origin.file}:${String(origin.line)}`;
  return [
    `${head}  ${paint.dim(place)}  ${paint.dim(formatDuration(seconds))}`,
    ...(failure?.message.split("\n") ?? []).map((line) => `    ${line}`),
    ...(failure?.hint == null ? [] : [`    ${paint.dim(failure.hint)}`]),
    ...(isVerbose && failure?.stack !== undefined ? failure.stack.split("\n").map(paint.dim) : []),
  ];
}
