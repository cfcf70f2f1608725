import type { TaskFailure } from "./outcome.ts";

/** What a task fails with whose time is over. */
export function tookTooLong(seconds: number): TaskFailure {
  return {
    code: "time-limit",
    message: `It took longer than ${String(seconds)} s, the time that a task may take.`,
    hint: "Give it more with --task-time, or make it smaller. Images that had passed a backbone are stored.",
    stack: null,
  };
}
