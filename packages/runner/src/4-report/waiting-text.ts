import type { TaskWaiting } from "../2-execute/events.ts";
import { countOf } from "./count.ts";

/** That tasks wait for another run on the same store; of several such runs it names one. */
export function waitingText(waiting: readonly Pick<TaskWaiting, "label" | "host" | "pid">[]): string {
  const [first] = waiting;
  if (first === undefined) return "";
  const what = waiting.length === 1 ? first.label : countOf(waiting.length, "task");
  return `${what}: computed by another run (process ${String(first.pid)} on ${first.host}); this one waits`;
}
