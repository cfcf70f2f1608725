import type { RowRanking, Table } from "../table.ts";
import { displayWidth, padRight } from "./display-width.ts";
import { formatNumber } from "./format-number.ts";
import { rankDigits } from "./ranking-sentences.ts";
import { cliquePlaces, packSpans, rankedRows } from "./ranking-rows.ts";

/**
 * A critical-difference diagram for a terminal: an axis of ranks, a line for each row with its mean rank marked, and bars
 * that span the rows that are not told apart; CD is the critical difference. No lines where there is nothing to show, or no room to show it in.
 */
export function drawRanking({ ranking }: Table, width: number): readonly string[] {
  if (ranking === undefined || ranking.criticalDifference === null) return [];
  const rows = rankedRows(ranking);
  const stub = rows.map(({ name, rank }) => ({ name, rank: formatNumber(rank, rankDigits) }));
  const difference = formatNumber(ranking.criticalDifference, rankDigits);
  const widths = [stub.map(({ name }) => name), stub.map(({ rank }) => rank)].map((texts) =>
    Math.max(...texts.map(displayWidth)),
  );
  const room = width - widths.reduce((sum, each) => sum + each + gap, 0);
  if (rows.length < 2 || room < Math.max(narrowestAxis, rows.length)) return [];
  const axis: Axis = { ranks: rows.length, width: Math.min(room, widestAxis) };
  const line = (name: string, rank: string, drawing: string): string =>
    [padRight(name, widths[0] ?? 0), rank.padStart(widths[1] ?? 0), drawing].join(" ".repeat(gap)).trimEnd();
  return [
    line("", "", tickLabels(axis)),
    line("", "rank", tickLine(axis)),
    line("CD", difference, differenceBar(ranking.criticalDifference, axis)),
    ...stub.map(({ name, rank }, row) => line(name, rank, `${" ".repeat(placeOf(rows[row]?.rank ?? 1, axis))}o`)),
    ...cliqueBars(ranking, axis).map((bars) => line("", "", bars)),
  ];
}

/** Between name, rank and axis. */
const gap = 2;
const narrowestAxis = 20;
const widestAxis = 61;

interface Axis {
  /** From 1 to as many. */
  readonly ranks: number;
  readonly width: number;
}

function placeOf(rank: number, { ranks, width }: Axis): number {
  return Math.round(((rank - 1) / (ranks - 1)) * (width - 1));
}

/** The whole ranks, as many of them as do not run into each other. */
function tickLabels(axis: Axis): string {
  let line = "";
  for (let rank = 1; rank <= axis.ranks; rank++) {
    const place = placeOf(rank, axis);
    if (line === "" || place > line.length) line = line.padEnd(place) + String(rank);
  }
  return line;
}

function tickLine(axis: Axis): string {
  const ticks = new Set(Array.from({ length: axis.ranks }, (_, index) => placeOf(index + 1, axis)));
  return Array.from({ length: axis.width }, (_, place) => {
    if (place === 0) return "├";
    if (place === axis.width - 1) return "┤";
    return ticks.has(place) ? "┼" : "─";
  }).join("");
}

function cliqueBars(ranking: RowRanking, axis: Axis): readonly string[] {
  const places = rankedRows(ranking).map(({ rank }) => placeOf(rank, axis));
  const spans = cliquePlaces(ranking).map((clique) => {
    const marks = clique.map((row) => places[row] ?? 0);
    return { from: Math.min(...marks), to: Math.max(...marks) };
  });
  return packSpans(spans, 1).map((line) =>
    line
      .toSorted((a, b) => a.from - b.from)
      .reduce((text, { from, to }) => text.padEnd(from) + "━".repeat(to - from + 1), ""),
  );
}

function differenceBar(difference: number, axis: Axis): string {
  const length = Math.max(2, placeOf(1 + difference, axis) + 1);
  return `├${"─".repeat(length - 2)}┤`;
}
