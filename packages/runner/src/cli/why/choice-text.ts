import type { Choice, Settings } from "@exp-lab/ops";
import { countOf } from "../../4-report/count.ts";
import { hangText } from "../../4-report/hanging-text.ts";
import type { Terminal } from "../command.ts";

/** Every point of a search with its score: the chosen one, then the others from the best on. */
export function choiceText(
  { settings, metric, points, scores, chosen, want }: Choice,
  width: Terminal["width"],
): string {
  const direction = want === "max" ? 1 : -1;
  const ranked = points
    .map((point, index) => {
      const score = scores[index] ?? null;
      const rank = index === chosen ? Infinity : score === null ? -Infinity : direction * score;
      return { point, score, rank };
    })
    .sort((a, b) => b.rank - a.rank);
  const lines = ranked.map(({ point, score, rank }) => {
    const shown = score === null ? "-" : score.toFixed(4);
    return `    ${shown.padEnd(7)} ${settingsText(point)}${rank === Infinity ? "  <- chosen" : ""}\n`;
  });
  const stopped = Object.entries(settings).filter(([name]) => points[chosen]?.[name] === undefined);
  const besides = stopped.length === 0 ? "" : `, with ${settingsText(Object.fromEntries(stopped))} by its best epoch`;
  const text = `Its search chose among ${countOf(points.length, "point")} by ${metric} on validation${besides}:`;
  return hangText({ head: "  ", indent: 2, text, width }) + lines.join("");
}

function settingsText(point: Settings): string {
  return Object.entries(point)
    .map(([name, value]) => `${name} ${Array.isArray(value) ? `[${value.join(", ")}]` : String(value)}`)
    .join("  ");
}
