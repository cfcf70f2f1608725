import type { Table } from "../table.ts";
import { captionOf, columnAxesText, emptyGlyphs, intervalText, legendOf, partialText } from "./caption.ts";
import { displayWidth, padLeft, padRight } from "./display-width.ts";
import { layOutTable, plainText, type GridCell } from "./grid.ts";
import { rankingSentences } from "./ranking-sentences.ts";

/** The table in GitHub's Markdown. A heading cannot span columns there, so every column names all its levels. */
export function formatMarkdown(table: Table): string {
  const grid = layOutTable(table);
  const title = `**${escapeMarkdown(plainText(table.title))}**`;
  const head = [
    ...grid.rowAxes.map(escapeMarkdown),
    ...grid.columns.map((column) => column.heads.map(escapeMarkdown).join(" · ")),
  ];
  const rows = grid.rows.map((row) => [...row.labels.map(escapeMarkdown), ...row.cells.map(cellText)]);
  const legend = legendOf(grid, { best: "**bold**", likeBest: dagger }).map(
    ({ glyph, meaning }) => `${glyph} ${meaning}`,
  );
  const notes = [...table.notes, ...rankingSentences(table)];
  const under = [...(legend.length > 0 ? [`${legend.join(", ")}.`] : []), ...notes.map(noteText)];
  const sections = [
    [title, ...[...captionOf(grid), ...columnAxesText(grid)].map(escapeMarkdown)].join(" · "),
    grid.rows.length === 0 ? "This table has no cells." : drawTable([head, ...rows], grid.rowAxes.length),
    // Two spaces at a line's end break the line inside one paragraph.
    under.map(escapeListMark).join("  \n"),
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function drawTable(lines: readonly (readonly string[])[], stubCount: number): string {
  const widths = (lines[0] ?? []).map((_, index) =>
    Math.max(3, ...lines.map((line) => displayWidth(line[index] ?? ""))),
  );
  const drawLine = (line: readonly string[]): string =>
    `| ${widths.map((width, index) => (index < stubCount ? padRight : padLeft)(line[index] ?? "", width)).join(" | ")} |`;
  const marks = widths.map((width, index) => (index < stubCount ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  const [head = [], ...body] = lines;
  return [head, marks, ...body].map(drawLine).join("\n");
}

function cellText(cell: GridCell | null): string {
  if (cell === null) return "";
  const value = cell.std === null ? cell.mean : `${cell.mean ?? ""} ± ${cell.std}`;
  const shown = cell.state === "value" ? (value ?? "") : emptyGlyphs[cell.state];
  const expected = cell.expected === null ? "" : `(${cell.expected})`;
  const mark = cell.likeBest ? dagger : "";
  const number = cell.best ? `**${shown}**` : `${shown}${mark}`;
  const parts = [number, intervalText(cell), partialText(cell), expected];
  return parts.filter((part) => part !== "").join(" ");
}

const dagger = "†";

function noteText(note: string): string {
  return escapeMarkdown(plainText(note));
}

/** Keeps the beginning of a line from being read as an item of a list. */
function escapeListMark(line: string): string {
  return line.replace(/^(\d*)([-+.)])(?=\s)/u, "$1\\$2");
}

/**
 * Keeps names from being read as markup. An underscore inside a word is none in GitHub's Markdown and stays as it is,
 * so that the source remains readable.
 */
function escapeMarkdown(text: string): string {
  return text
    .replace(/[\\`*[\]<>|~#$&]/gu, (character) => `\\${character}`)
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_");
}
