import { failPoints, unwatched, type FailPoint, type WriteWatch } from "../store/fail-points.ts";

/**
 * For tests of what a kill leaves: `EXP_KILL_AT="after save rows@2"` ends this process, as SIGKILL does, where it reaches that
 * point for the second time; without a number, for the first.
 * @throws Error where there is no such point: a process that is never killed would prove nothing
 */
export function killAtPoint(environment: Readonly<Record<string, string | undefined>>): WriteWatch {
  const wanted = environment["EXP_KILL_AT"];
  if (wanted === undefined || wanted === "") return unwatched;
  const [, name = "", time = "1"] = /^(.*?)(?:@(\d+))?$/.exec(wanted) ?? [];
  const point = failPoints.find((known) => known === name);
  if (point === undefined) throw new Error(`EXP_KILL_AT names no fail point: ${wanted}`);
  return killAt(point, Number(time));
}

function killAt(wanted: FailPoint, time: number): WriteWatch {
  let left = time;
  return (point) => {
    if (point !== wanted) return;
    left -= 1;
    if (left === 0) process.kill(process.pid, "SIGKILL");
  };
}
