import { nearestNames } from "./did-you-mean.ts";

/** The hint for a name that nothing has: the nearest ones, or all of them where they are few. Absent where there are none. */
export function hintForName(name: string, known: readonly string[]): string | undefined {
  const all = [...new Set(known)];
  const near = nearestNames(name, known);
  if (near.length > 0) return `did you mean ${listWords(near, "or")}?`;
  if (all.length === 0 || all.length > mostNamesListed) return undefined;
  return `known here: ${listWords(all, "and")}`;
}

const mostNamesListed = 12;

/** "1,000,000" */
export function groupDigits(count: number | bigint): string {
  return count.toLocaleString("en-US");
}

/** "`a`, `b` and `c`" */
export function listWords(words: readonly string[], joint: "and" | "or"): string {
  const quoted = words.map((word) => `\`${word}\``);
  if (quoted.length < 2) return quoted.join("");
  return `${quoted.slice(0, -1).join(", ")} ${joint} ${quoted.at(-1) ?? ""}`;
}
