import type { Cell, Table } from "../table.ts";

/**
 * One line per cell (RFC 4180: CRLF, quotes doubled), numbers in full precision. An empty field is a value that is
 * absent: an axis that does not apply, a mean without answers.
 */
export function formatCsv(table: Table): string {
  const rowAxes = Object.keys(table.rows[0] ?? {});
  const columnAxes = Object.keys(table.columns[0] ?? {});
  const lines = [
    [...rowAxes, ...columnAxes].map(axisHeading).concat(fieldNames),
    ...table.cells.map((cell) => [
      ...rowAxes.map((axis) => fieldText(cell.row[axis] ?? null)),
      ...columnAxes.map((axis) => fieldText(cell.column[axis] ?? null)),
      ...fieldNames.map((name) => fieldText(fields[name](cell))),
    ]),
  ];
  return lines.map((line) => `${line.map(quote).join(",")}\r\n`).join("");
}

type Field = string | number | boolean | null;

const fields = {
  metric: (cell) => cell.metric,
  n: (cell) => cell.n,
  mean: (cell) => cell.mean,
  std: (cell) => cell.std,
  ciLow: (cell) => cell.ci95?.[0] ?? null,
  ciHigh: (cell) => cell.ci95?.[1] ?? null,
  ciMethod: (cell) => cell.ciMethod,
  p: (cell) => cell.p,
  pAdjusted: (cell) => cell.pAdjusted,
  // As with `nTest`: a number only where all answers agree on it.
  nTrain: ({ nTrain }) => (nTrain !== null && nTrain.least === nTrain.most ? nTrain.most : null),
  nTest: (cell) => cell.nTest,
  nGroups: (cell) => cell.nGroups,
  expected: (cell) => cell.expected,
  best: (cell) => cell.best,
  tasks: (cell) => cell.tasks.length,
  done: (cell) => cell.done,
  failed: (cell) => cell.failed,
  notes: (cell) => cell.notes.join(" "),
} as const satisfies Readonly<Record<string, (cell: Cell) => Field>>;

const fieldNames: readonly (keyof typeof fields)[] = [
  "metric",
  "n",
  "mean",
  "std",
  "ciLow",
  "ciHigh",
  "ciMethod",
  "p",
  "pAdjusted",
  "nTrain",
  "nTest",
  "nGroups",
  "expected",
  "best",
  "tasks",
  "done",
  "failed",
  "notes",
];

/** An axis must not share its heading with a field: readers of CSV find columns by name. */
function axisHeading(axis: string): string {
  return Object.hasOwn(fields, axis) ? `axis.${axis}` : axis;
}

function fieldText(value: Field): string {
  return value === null ? "" : String(value);
}

function quote(text: string): string {
  // Control characters have no business in a file of numbers, and could steer the terminal that it is shown on.
  const clean = text.replace(/(?![\t\r\n])\p{Cc}/gu, "\ufffd");
  return /[",\r\n]|^\s|\s$/u.test(clean) ? `"${clean.replaceAll('"', '""')}"` : clean;
}
