import type { RowRanking, Table } from "../table.ts";
import { formatNumber, formatP } from "./format-number.ts";
import { cliquePlaces, rankedRows } from "./ranking-rows.ts";

/** How the rows of a table rank over its data sets, in words: for under the table. */
export function rankingSentences({ ranking }: Table): readonly string[] {
  if (ranking === undefined) return [];
  if (ranking.averageRanks.length === 0) return ranking.notes;
  const ranks = rankedRows(ranking).map(({ name, rank }) => `${name} ${formatNumber(rank, rankDigits)}`);
  const found = testText(ranking);
  const summary = `Mean ranks over ${String(ranking.nDatasets)} data sets: ${ranks.join(", ")}${found}.`;
  return [summary, ...ranking.notes];
}

/** Decimals of a mean rank: over ten data sets two of them tell all values apart. */
export const rankDigits = 2;

function testText(ranking: RowRanking): string {
  const { p, pImanDavenport, criticalDifference } = ranking;
  const byIman = pImanDavenport === null ? "" : `, by Iman and Davenport ${formatP(pImanDavenport)}`;
  const tests = [
    ...(p === null ? [] : [`Friedman ${formatP(p)}${byIman}`]),
    ...(criticalDifference === null
      ? []
      : [`critical difference ${formatNumber(criticalDifference, rankDigits)} at 0.05 by Nemenyi`]),
  ];
  const list = tests.length === 0 ? "" : ` (${tests.join("; ")})`;
  return criticalDifference === null ? list : `${list}: ${cliquesText(ranking)}`;
}

function cliquesText(ranking: RowRanking): string {
  const names = rankedRows(ranking).map(({ name }) => name);
  const [first, ...rest] = cliquePlaces(ranking).map((places) => places.map((place) => names[place] ?? ""));
  if (first === undefined) return "every two of them are told apart";
  if (first.length === names.length) return "none of them is told apart from another";
  return [`${listText(first)} are not told apart`, ...rest.map((clique) => `nor are ${listText(clique)}`)].join(", ");
}

function listText(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;
}
