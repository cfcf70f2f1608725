import type { TaskPair } from "../../3-tabulate/compare/pair-tasks.ts";
import type { AskedTask } from "../../store/store.ts";

/** A score before and now, with as many digits as it takes to see the difference. */
export function scoreLine({ before, now }: TaskPair): string {
  const [then, at] = [before.score, now.score];
  if (then === null || at === null) return `${now.label}  ${valueText(before)} -> ${valueText(now)}`;
  const digits = digitsThatDiffer(then, at);
  return `${now.label}  ${then.toFixed(digits)} -> ${at.toFixed(digits)}  (${differenceText(at - then, digits)})`;
}

/** A difference that would be rounded to nothing is told by its size. */
function differenceText(difference: number, digits: number): string {
  const rounded = difference.toFixed(digits);
  const shown = Number(rounded) === 0 ? difference.toExponential(1) : rounded;
  return difference > 0 ? `+${shown}` : shown;
}

function valueText({ score, outcome }: AskedTask): string {
  if (score !== null) return score.toFixed(fewestDigits);
  return outcome === "computed" || outcome === "cached" ? "no value" : outcome;
}

const fewestDigits = 4;
const mostDigits = 17;

function digitsThatDiffer(a: number, b: number): number {
  for (let digits = fewestDigits; digits < mostDigits; digits += 1) {
    if (a.toFixed(digits) !== b.toFixed(digits)) return digits;
  }
  return mostDigits;
}
