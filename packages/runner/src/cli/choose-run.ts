import { formatMoment } from "../4-report/describe-run.ts";
import type { Store, StoredRun } from "../store/store.ts";
import { CommandError, exitCodes } from "./exit-codes.ts";

/** Known runs listed where one is asked for that there is not. */
const listedRuns = 20;

/**
 * The run that is meant by a number, by `last`, or by `last~2`, the second before the last.
 * @throws CommandError (2) where there is no such run; it lists those that there are
 */
export function chooseRun(wanted: string, store: Store): StoredRun {
  return findWanted(wanted, store) ?? refuse(wanted, store);
}

function findWanted(wanted: string, store: Store): StoredRun | null {
  const [, last, back = "0", number] = /^(?:(last)(?:~(\d{1,9}))?|(\d{1,15}))$/.exec(wanted) ?? [];
  if (number !== undefined) return store.findRun(Number(number));
  const steps = Number(back);
  return last === undefined ? null : (store.findRuns(steps + 1)[steps] ?? null);
}

function refuse(wanted: string, store: Store): never {
  const runs = store.findRuns(listedRuns);
  const list = runs.map(({ run, program, startedAt }) => `\n  ${String(run)}  ${program}  ${formatMoment(startedAt)}`);
  const more = store.statistics().runs - runs.length;
  const known =
    runs.length === 0
      ? "It has none yet."
      : `Its runs are, newest first:${list.join("")}${more > 0 ? `\n  ... and ${String(more)} older ones` : ""}`;
  throw new CommandError(
    exitCodes.wrong,
    `The store has no run "${wanted}": give a number, last, or last~1 for the one before it. ${known}`,
  );
}
