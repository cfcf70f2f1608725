import type { RowRanking, Table } from "../table.ts";
import { formatNumber, formatP } from "./format-number.ts";
import { plainText } from "./grid.ts";
import { rankDigits } from "./ranking-sentences.ts";
import { rankedRows } from "./ranking-rows.ts";
import { layOutDiagram, type Diagram, type DiagramLabel } from "./svg-layout.ts";

/**
 * The critical-difference diagram of a table (Demsar, 2006, figure 1) as one SVG document: the axis of mean ranks with the
 * best on the right, every row's name on a leader, thick bars over rows that are not told apart. It refers to nothing
 * outside of itself.
 * @throws where `problemOfSvg` tells a problem
 */
export function formatSvg(table: Table): string {
  const problem = problemOfSvg(table);
  if (problem !== null || table.ranking === undefined) throw new Error(problem ?? "There is no ranking.");
  return `${drawSvg(table, table.ranking).join("\n")}\n`;
}

/** Why there is no diagram for a table; null where there is one. */
export function problemOfSvg({ title, ranking }: Table): string | null {
  const named = `The table "${plainText(title)}"`;
  if (ranking === undefined) {
    return `${named} has no ranking to draw: that takes two rows or more, eight data sets or more as columns, one metric, and an answer in every cell.`;
  }
  const isDrawable = ranking.criticalDifference !== null && rankedRows(ranking).length >= 2;
  return isDrawable ? null : [`${named} has no critical difference to draw.`, ...ranking.notes].join(" ");
}

function drawSvg(table: Table, ranking: RowRanking): readonly string[] {
  const diagram = layOutDiagram(ranking);
  const { width, height } = diagram;
  const size = `width="${String(width)}" height="${String(height)}" viewBox="0 0 ${String(width)} ${String(height)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" font-family="Helvetica, Arial, sans-serif" font-size="14">`,
    `  <title>${escapeXml(plainText(table.title))}</title>`,
    `  <rect width="${String(width)}" height="${String(height)}" fill="#ffffff"/>`,
    ...differenceBar(diagram, ranking.criticalDifference ?? 0),
    ...axis(diagram),
    ...diagram.cliques.map(({ from, to, y }) => stroke(`M${at(from)} ${at(y)}H${at(to)}`, cliqueStroke)),
    ...diagram.labels.flatMap(label),
    text(footText(ranking), {
      x: width / 2,
      y: height - 12,
      anchor: "middle",
      extra: ' font-size="12" fill="#555555"',
    }),
    "</svg>",
  ];
}

const cliqueStroke = ' stroke-width="5"';

function axis({ axis: { left, right, y }, ticks }: Diagram): readonly string[] {
  return [
    stroke(`M${at(left)} ${at(y)}H${at(right)}`, ' stroke-width="1.5"'),
    ...ticks.flatMap(({ x, name, isWhole }) => [
      stroke(`M${at(x)} ${at(y)}V${at(y - (isWhole ? 8 : 4))}`, ' stroke-width="1.5"'),
      ...(name === null ? [] : [text(name, { x, y: y - 14, anchor: "middle" })]),
    ]),
  ];
}

function differenceBar({ difference: { from, to, y } }: Diagram, difference: number): readonly string[] {
  const ends = [from, to].map((x) => `M${at(x)} ${at(y - 5)}V${at(y + 5)}`);
  return [
    stroke(`M${at(from)} ${at(y)}H${at(to)}${ends.join("")}`, ' stroke-width="1.5"'),
    text(`CD = ${formatNumber(difference, rankDigits)}`, { x: (from + to) / 2, y: y - 10, anchor: "middle" }),
  ];
}

function label({ name, rank, x, axisY, y, end, side }: DiagramLabel): readonly string[] {
  const number = `<tspan fill="#555555">${formatNumber(rank, rankDigits)}</tspan>`;
  const words = escapeXml(name);
  const isRight = side === "right";
  const place = `x="${at(end + (isRight ? 6 : -6))}" y="${at(y + 5)}" text-anchor="${isRight ? "start" : "end"}"`;
  const parts = isRight ? `${words}  ${number}` : `${number}  ${words}`;
  return [
    stroke(`M${at(x)} ${at(axisY)}V${at(y)}H${at(end)}`, ""),
    `  <text ${place} xml:space="preserve">${parts}</text>`,
  ];
}

function footText({ nDatasets, p }: RowRanking): string {
  const test = p === null ? "" : ` (Friedman ${formatP(p)})`;
  return `Mean ranks over ${String(nDatasets)} data sets${test}; bars join rows that are not told apart at 0.05 (Nemenyi).`;
}

function stroke(path: string, extra: string): string {
  return `  <path d="${path}" fill="none" stroke="#000000"${extra}/>`;
}

interface TextPlace {
  readonly x: number;
  readonly y: number;
  readonly anchor: "start" | "middle" | "end";
  readonly extra?: string;
}

function text(words: string, { x, y, anchor, extra = "" }: TextPlace): string {
  return `  <text x="${at(x)}" y="${at(y)}" text-anchor="${anchor}"${extra}>${escapeXml(words)}</text>`;
}

/** Coordinates to a hundredth: the same bytes for equal numbers. */
function at(value: number): string {
  return String(Math.round(value * 100) / 100);
}

const entities: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&apos;"],
]);

/** Also without what no XML document may hold, escaped or not: half characters, and the two that are none. */
function escapeXml(words: string): string {
  return words.replace(/[\ufffe\uffff\p{Cs}]/gu, "\ufffd").replace(/[&<>"']/gu, (sign) => entities.get(sign) ?? sign);
}
