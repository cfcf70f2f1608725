import type { RowRanking } from "../table.ts";
import { displayWidth } from "./display-width.ts";
import { cliquePlaces, packSpans, rankedRows, type RankedRow } from "./ranking-rows.ts";

/** Where everything in a critical-difference diagram stands, in pixels from the upper left corner. */
export interface Diagram {
  readonly width: number;
  readonly height: number;
  readonly axis: { readonly left: number; readonly right: number; readonly y: number };
  readonly ticks: readonly DiagramTick[];
  readonly difference: DiagramBar;
  readonly cliques: readonly DiagramBar[];
  readonly labels: readonly DiagramLabel[];
}

export interface DiagramTick {
  readonly x: number;
  readonly isWhole: boolean;
  /** Null where names would run into each other. */
  readonly name: string | null;
}

export interface DiagramBar {
  readonly from: number;
  readonly to: number;
  readonly y: number;
}

/** A row's name and its leader: down from the axis at `x`, then sideways at `y` to `end`. */
export interface DiagramLabel extends RankedRow {
  readonly side: "left" | "right";
  readonly x: number;
  readonly axisY: number;
  readonly y: number;
  readonly end: number;
}

/** Wider only where names leave no room for the axis. */
const usualWidth = 800;
const narrowestAxis = 420;
const axisY = 82;
const differenceY = 34;
const cliqueStep = 11;
const labelStep = 24;
const footHeight = 44;
/** From an end of the axis to the names. */
const overhang = 18;
/** What a bar stands out over the ranks that it joins. */
const barOverhang = 4;

export function layOutDiagram(ranking: RowRanking): Diagram {
  const rows = rankedRows(ranking);
  const half = Math.ceil(rows.length / 2);
  // From the axis outwards: on either side the outermost row has the uppermost line, so that no two leaders cross.
  const sides = { right: rows.slice(0, half), left: rows.slice(half).toReversed() };
  const margin = { left: marginOf(sides.left), right: marginOf(sides.right) };
  const width = Math.max(usualWidth, margin.left + narrowestAxis + margin.right);
  const [left, right] = [margin.left, width - margin.right];
  const scale = (right - left) / (rows.length - 1);
  const xOf = (rank: number): number => right - (rank - 1) * scale;

  const { bars, levels } = cliqueBars(
    ranking,
    rows.map(({ rank }) => xOf(rank)),
  );
  const firstLine = axisY + 14 + levels * cliqueStep + 14;
  const labelsOf = (side: "left" | "right"): readonly DiagramLabel[] =>
    sides[side].map((row, line) => ({
      ...row,
      side,
      x: xOf(row.rank),
      axisY,
      y: firstLine + line * labelStep,
      end: side === "right" ? right + overhang : left - overhang,
    }));
  return {
    width,
    height: firstLine + (half - 1) * labelStep + footHeight,
    axis: { left, right, y: axisY },
    ticks: ticksOf(rows.length, scale, xOf),
    difference: { from: left, to: left + (ranking.criticalDifference ?? 0) * scale, y: differenceY },
    cliques: bars,
    labels: [...labelsOf("right"), ...labelsOf("left")],
  };
}

/** The room of the longest name with its rank, as wide as a common sans-serif font may make it. */
function marginOf(rows: readonly RankedRow[]): number {
  const widest = Math.max(0, ...rows.map(({ name }) => displayWidth(name)));
  return Math.ceil(widest * widestCharacter + rankWidth + overhang + 12);
}

const widestCharacter = 8.4;
const rankWidth = 44;

function cliqueBars(
  ranking: RowRanking,
  marks: readonly number[],
): { readonly bars: readonly DiagramBar[]; readonly levels: number } {
  const spans = cliquePlaces(ranking).map((places) => {
    const joined = places.map((place) => marks[place] ?? 0);
    return { from: Math.min(...joined) - barOverhang, to: Math.max(...joined) + barOverhang };
  });
  const lines = packSpans(spans, 2 * barOverhang);
  const bars = lines.flatMap((line, level) => line.map((span) => ({ ...span, y: axisY + 14 + level * cliqueStep })));
  return { bars, levels: lines.length };
}

function ticksOf(ranks: number, scale: number, xOf: (rank: number) => number): readonly DiagramTick[] {
  const step = Math.ceil(closestNames / scale);
  const whole = Array.from({ length: ranks }, (_, index) => ({
    x: xOf(index + 1),
    isWhole: true,
    name: index % step === 0 ? String(index + 1) : null,
  }));
  if (scale < closestNames) return whole;
  return [...whole, ...whole.slice(1).map(({ x }) => ({ x: x + scale / 2, isWhole: false, name: null }))];
}

const closestNames = 28;
