import { hangText } from "../hanging-text.ts";
import { finishedLines } from "../finished-lines.ts";
import type { Paint } from "../paint.ts";
import type { LoggedTask } from "./dashboard-state.ts";

export interface PaneOptions {
  readonly width: number;
  readonly paint: Paint;
}

/** The last tasks that did something, one line each, the newest last. */
export function logLines(log: readonly LoggedTask[], { paint }: PaneOptions): readonly string[] {
  return log.flatMap(({ event, examples }) => finishedLines(event, { paint, examples, isVerbose: false }).slice(0, 1));
}

/** Every failure in full: what failed, the declaration that asked for it, the message, what to do. */
export function failureLines(failures: readonly LoggedTask[], { width, paint }: PaneOptions): readonly string[] {
  if (failures.length === 0) return [paint.dim("Nothing has failed.")];
  return failures.flatMap(({ event, examples }, index) => {
    const [head = "", ...rest] = finishedLines(event, { paint, examples, isVerbose: false });
    const wrapped = rest.flatMap((text) => hangText({ head: "", indent: 0, text, width }).trimEnd().split("\n"));
    return [...(index === 0 ? [] : [""]), head, ...wrapped];
  });
}

/** Which keys there are, and what the signs mean. */
export function helpLines(paint: Paint): readonly string[] {
  const rows = [...keys, ["", ""], ...signs];
  return rows.map(([sign = "", meaning = ""]) => (sign === "" ? "" : `  ${paint.bold(sign.padEnd(16))}${meaning}`));
}

const keys = [
  ["q", "stop: finish what runs, then print the tables (Ctrl-C)"],
  ["Q", "quit at once; what is stored stays (Ctrl-C twice)"],
  ["1 2 3 Tab", "tables, log, failures"],
  ["↑ ↓ PgUp PgDn", "scroll; Home and End go all the way"],
  ["← →", "columns that have no room"],
  ["f", "follow what happens again after scrolling"],
  ["Ctrl-L", "draw the screen anew"],
  ["Ctrl-Z", "suspend; the shell's `fg` comes back"],
  ["?", "this help"],
] as const;

const signs = [
  ["·", "no answer yet"],
  ["…", "something that the cell hangs on runs"],
  ["0.912", "computed in this run"],
  ["0.912 =", "stored before this run"],
  ["0.912 [3/5]", "the mean of the 3 answers of 5 that are there"],
  ["✗", "failed"],
  ["/", "skipped: an input failed"],
] as const;
