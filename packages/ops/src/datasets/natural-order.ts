import { compareCodeUnits } from "./class-names.ts";

/** Orders names with numbers in them by the numbers' values: `Patient (2)` before `Patient (10)`; all else by code unit. */
export function compareNaturally(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  for (const [place, part] of left.entries()) {
    const other = right[place];
    const order = other === undefined ? 1 : compareParts(part, other);
    if (order !== 0) return order;
  }
  return left.length < right.length ? -1 : compareCodeUnits(a, b);
}

/** Runs of digits and what stands between them. */
function partsOf(name: string): readonly string[] {
  return name.match(/\d+|\D+/g) ?? [];
}

function compareParts(a: string, b: string): number {
  if (!isNumber(a) || !isNumber(b)) return compareCodeUnits(a, b);
  const [left, right] = [a.replace(/^0+/, ""), b.replace(/^0+/, "")];
  return left.length - right.length || compareCodeUnits(left, right);
}

function isNumber(part: string): boolean {
  return /^\d/.test(part);
}
