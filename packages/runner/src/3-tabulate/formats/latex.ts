import type { Table } from "../table.ts";
import { captionOf, columnAxesText, emptyGlyphs, intervalText, legendOf, partialText } from "./caption.ts";
import { layOutTable, plainText, unrepeatedLabels, type Grid, type GridCell } from "./grid.ts";
import { headerSpans, type HeaderSpan } from "./header-spans.ts";
import { rankingSentences } from "./ranking-sentences.ts";

/** The table as a LaTeX float in the style of booktabs, the best in bold, notes in small type below it. */
export function formatLatex(table: Table): string {
  const grid = layOutTable(table);
  const lines = [
    "% Needs \\usepackage{booktabs}.",
    "\\begin{table}",
    "  \\centering",
    `  \\caption{${caption(table, grid)}}`,
    ...(grid.rows.length === 0 ? ["  This table has no cells."] : tabular(grid).map((line) => `  ${line}`)),
    ...notesBelow(table, grid),
    "\\end{table}",
  ];
  return `${lines.join("\n")}\n`;
}

function caption(table: Table, grid: Grid): string {
  const about = [...captionOf(grid), ...columnAxesText(grid)].join(", ");
  const title = plainText(table.title);
  return escapeLatex(about === "" ? title : `${title} (${about})`);
}

function tabular(grid: Grid): readonly string[] {
  const stubCount = grid.rowAxes.length;
  return [
    `\\begin{tabular}{${"l".repeat(stubCount)}${"r".repeat(grid.columns.length)}}`,
    "  \\toprule",
    ...headerLines(grid).map((line) => `  ${line}`),
    "  \\midrule",
    ...grid.rows.map((row, index) =>
      tableLine([...unrepeatedLabels(grid.rows, index).map(escapeLatex), ...row.cells.map(cellText)]),
    ),
    "  \\bottomrule",
    "\\end{tabular}",
  ];
}

function headerLines(grid: Grid): readonly string[] {
  const stubCount = grid.rowAxes.length;
  const levels = headerSpans(grid.columns);
  return levels.flatMap((spans, level) => {
    const isLast = level === levels.length - 1;
    const stub = grid.rowAxes.map((axis) => (isLast ? escapeLatex(axis) : ""));
    const isSpanning = !isLast && spans.some((span) => span.count > 1);
    return [
      tableLine([...stub, ...spans.map(spanText)]).trimStart(),
      ...(isSpanning ? [spans.map((span) => spanRule(span, stubCount)).join(" ")] : []),
    ];
  });
}

function spanText({ text, count }: HeaderSpan): string {
  if (count === 1) return escapeLatex(text);
  return `\\multicolumn{${String(count)}}{c}{${escapeLatex(text)}}`;
}

function spanRule({ first, count }: HeaderSpan, stubCount: number): string {
  return `\\cmidrule(lr){${String(stubCount + first + 1)}-${String(stubCount + first + count)}}`;
}

function tableLine(entries: readonly string[]): string {
  return `  ${entries.join(" & ")} \\\\`;
}

function cellText(cell: GridCell | null): string {
  if (cell === null) return "";
  const value = cell.std === null ? cell.mean : `${cell.mean ?? ""} ± ${cell.std}`;
  const shown = escapeLatex(cell.state === "value" ? (value ?? "") : emptyGlyphs[cell.state]);
  const expected = cell.expected === null ? "" : `(${escapeLatex(cell.expected)})`;
  const interval = cell.interval === null ? "" : `{\\footnotesize ${escapeLatex(intervalText(cell))}}`;
  const mark = cell.likeBest ? escapeLatex(dagger) : "";
  const number = cell.best ? `\\textbf{${shown}}` : `${shown}${mark}`;
  const parts = [number, interval, escapeLatex(partialText(cell)), expected];
  return parts.filter((part) => part !== "").join(" ");
}

const dagger = "†";

function notesBelow(table: Table, grid: Grid): readonly string[] {
  const legend = legendOf(grid, { best: "bold", likeBest: dagger }).map(({ glyph, meaning }) => `${glyph}: ${meaning}`);
  const notes = [...(legend.length > 0 ? [`${legend.join(", ")}.`] : []), ...table.notes, ...rankingSentences(table)];
  if (notes.length === 0) return [];
  return [
    "  \\par\\medskip",
    "  \\begin{minipage}{\\linewidth}",
    "    \\footnotesize",
    ...notes.map((note) => `    ${escapeLatex(plainText(note))}\\par`),
    "  \\end{minipage}",
  ];
}

/**
 * Signs that mean something to LaTeX, or that its default fonts lack. A bracket or a star is braced because after the
 * end of a table line either would be read as an option of the line break.
 */
const latexSigns: ReadonlyMap<string, string> = new Map([
  ["\\", "\\textbackslash{}"],
  ["%", "\\%"],
  ["&", "\\&"],
  ["_", "\\_"],
  ["#", "\\#"],
  ["$", "\\$"],
  ["{", "\\{"],
  ["}", "\\}"],
  ["~", "\\textasciitilde{}"],
  ["^", "\\textasciicircum{}"],
  ["<", "\\textless{}"],
  [">", "\\textgreater{}"],
  ["|", "\\textbar{}"],
  ["“", "``"],
  ['"', "''"],
  ["−", "$-$"],
  ["[", "{[}"],
  ["]", "{]}"],
  ["*", "{*}"],
  ["±", "$\\pm$"],
  ["·", "$\\cdot$"],
  ["✗", "$\\times$"],
  ["†", "$^\\dagger$"],
]);

function escapeLatex(text: string): string {
  // A hyphen before a digit is a sign, unless it joins words as in ViT-16.
  return text
    .replace(/(?<![\p{L}\p{N}-])-(?=\d)/gu, "−")
    .replace(/(?<=^|[\s([])"/gu, "“")
    .replace(/[\\%&_#${}~^<>|"[\]*±·✗†“−]/gu, (sign) => latexSigns.get(sign) ?? sign);
}
