import type { Settings, SettingValue } from "../../artifacts/choice.ts";

interface Grid {
  readonly points: readonly Settings[];
  readonly lowest: Readonly<Record<string, number | null>>;
  readonly highest: Readonly<Record<string, number | null>>;
}

/** With fewer values a parameter has no inside, and every choice would lie on an edge. */
const fewestValues = 3;

/**
 * One note per number that was chosen from an end of its grid: the best value may lie beyond. No note where the parameter
 * itself ends there (a weight decay of zero).
 */
export function describeEdges(chosen: Settings, { points, lowest, highest }: Grid): readonly string[] {
  return Object.entries(chosen).flatMap(([name, value]) => {
    const values = points.map((point) => point[name]).filter(isNumber);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    if (!isNumber(value) || new Set(values).size < fewestValues) return [];
    const isLow = value === low && value !== lowest[name];
    const isHigh = value === high && value !== highest[name];
    if (!isLow && !isHigh) return [];
    const side = isLow ? "smallest" : "largest";
    return [
      `The search chose ${name} ${String(value)}, the ${side} value of its grid (${String(low)} to ${String(high)}): a wider grid may find a better one.`,
    ];
  });
}

function isNumber(value: SettingValue | undefined): value is number {
  return typeof value === "number";
}
