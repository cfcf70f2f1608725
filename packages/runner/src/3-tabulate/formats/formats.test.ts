import { fileURLToPath } from "node:url";
import type { AxisLabel, CellExpression, CellSpec, TableSpec } from "@exp-lab/dsl";
import { describe, expect, it } from "vitest";
import type { ScoreState } from "../score-state.ts";
import type { Table } from "../table.ts";
import { tabulate } from "../tabulate.ts";
import { formatTable, isTableFormat, tableFormatNames } from "./formats.ts";

type Labels = Readonly<Record<string, AxisLabel>>;
/** A number answers, `null` is not defined, `missing` and `failed` are what they say. */
type Given = number | null | "missing" | "failed";
interface GivenCell {
  readonly row: Labels;
  readonly column?: Labels;
  readonly metric?: string;
  readonly scores: readonly Given[];
  readonly expected?: number | null;
  readonly notes?: readonly string[];
}
interface GivenTable extends Partial<Pick<TableSpec, "best" | "columns">> {
  readonly title: string;
  readonly rows: readonly string[];
  readonly cells: readonly GivenCell[];
}

const best: TableSpec["best"] = { want: "max", per: "column" };

const tables: Readonly<Record<string, GivenTable>> = {
  simple: {
    title: "Frozen features",
    rows: ["backbone"],
    columns: ["dataset"],
    best,
    cells: [
      { row: { backbone: "deit" }, column: { dataset: "pneumonia" }, scores: [0.9123456] },
      { row: { backbone: "deit" }, column: { dataset: "breast" }, scores: [0.8125] },
      { row: { backbone: "dinov2_l" }, column: { dataset: "pneumonia" }, scores: [0.9534999] },
      { row: { backbone: "dinov2_l" }, column: { dataset: "breast" }, scores: [0.7625] },
    ],
  },
  "several-metrics": {
    title: "Heads, metric by metric",
    rows: ["backbone", "head"],
    columns: ["dataset"],
    best,
    cells: ["pneumonia", "blood"].flatMap((dataset, d) =>
      ["deit", "resnet"].flatMap((backbone, b) =>
        ["probe", "knn"].flatMap((head, h) => [
          {
            row: { backbone, head },
            column: { dataset },
            scores: [0.9, 0.91, 0.925].map((score) => score - 0.05 * d - 0.02 * b - 0.01 * h),
          },
          { row: { backbone, head }, column: { dataset }, metric: "test.accuracy", scores: [0.8 - 0.1 * d + 0.04 * h] },
          { row: { backbone, head }, column: { dataset }, metric: "seconds", scores: [12 + 1400 * b + 3.25 * h] },
        ]),
      ),
    ),
  },
  "two-column-axes": {
    title: "Few shots",
    rows: ["backbone", "head"],
    columns: ["dataset", "dataset.shots"],
    best,
    cells: ["pneumonia", "chest"].flatMap((dataset, d) =>
      [1, 4, 16].flatMap((shots, s) =>
        ["deit", "dinov2_l"].map((backbone, b) => ({
          row: { backbone, head: "probe" },
          column: { dataset, "dataset.shots": shots },
          scores: [0.52, 0.55, 0.61, 0.48].map((score, k) => score + 0.1 * s - 0.02 * d + 0.013 * b * (k - 1)),
        })),
      ),
    ),
  },
  "missing-and-failed": {
    title: "Half a run",
    rows: ["backbone"],
    columns: ["dataset"],
    best,
    cells: [
      { row: { backbone: "deit" }, column: { dataset: "nih" }, scores: [0.81, 0.83, "missing"] },
      { row: { backbone: "deit" }, column: { dataset: "mura" }, scores: [0.7, 0.71, 0.72] },
      { row: { backbone: "sam" }, column: { dataset: "nih" }, scores: ["missing", "missing", "missing"] },
      { row: { backbone: "sam" }, column: { dataset: "mura" }, scores: ["failed", "failed", "failed"] },
      { row: { backbone: "vgg" }, column: { dataset: "nih" }, scores: [0.7, "failed", 0.75] },
      {
        row: { backbone: "vgg" },
        column: { dataset: "mura" },
        scores: [null, null, null],
        notes: ["AUROC is not defined: the test split has no positive example."],
      },
      { row: { backbone: "clip" }, column: { dataset: "mura" }, scores: [0.69, 0.7, 0.7] },
    ],
  },
  expected: {
    title: "Beside the published numbers",
    rows: ["backbone"],
    columns: ["dataset"],
    best,
    cells: [
      {
        row: { backbone: "dinov2_l" },
        column: { dataset: "nih" },
        scores: [0.7612, 0.7634],
        expected: 0.763,
        notes: ["Hernia has no positive test example and is left out of the average."],
      },
      { row: { backbone: "dinov2_l" }, column: { dataset: "mura" }, scores: [0.8, 0.81], expected: null },
      {
        row: { backbone: "resnet" },
        column: { dataset: "nih" },
        scores: [0.72, 0.721],
        expected: 0.7,
        notes: ["Hernia has no positive test example and is left out of the average."],
      },
      {
        row: { backbone: "resnet" },
        column: { dataset: "mura" },
        scores: [0.75, 0.751],
        expected: 0.76,
        notes: ["The chosen rate lies on the edge of its grid."],
      },
    ],
  },
  hostile: {
    title: "100% of {a_b} & #1: $x^2$ ~ \\alpha | *done* <b>",
    rows: ["backbone.path", "dataset"],
    best,
    cells: [
      { row: { "backbone.path": "C:\\weights\\v_1", dataset: "[a]" }, scores: [0.5], notes: ["50% of $n$ | _all_"] },
      { row: { "backbone.path": '*star*, "quoted"\nnew line', dataset: "a|b" }, scores: [-0.25] },
      { row: { "backbone.path": "肺部 X線 {é}", dataset: "\u001b[31mred" }, scores: [0.125] },
    ],
  },
  joined: {
    title: "Frozen and fine-tuned",
    rows: ["label", "backbone", "head.k"],
    columns: ["dataset"],
    best,
    cells: [
      { row: { label: "frozen", backbone: "deit", "head.k": 5 }, column: { dataset: "blood" }, scores: [0.91] },
      { row: { label: "frozen", backbone: "deit", "head.k": 20 }, column: { dataset: "blood" }, scores: [0.93] },
      { row: { label: "tuned", backbone: "deit", "head.k": null }, column: { dataset: "blood" }, scores: [0.95, 0.96] },
      { row: { label: "tuned", backbone: "deit", "head.k": null }, column: { dataset: "path" }, scores: [0.9, 0.94] },
    ],
  },
};

describe.each(Object.entries(tables))("table %s", (name, given) => {
  it.each(tableFormatNames)("as %s", async (format) => {
    const golden = fileURLToPath(new URL(`__golden__/${name}.${format}.golden`, import.meta.url));
    const text = formatTable(fill(given), format).replaceAll("\r\n", "\n");
    await expect(format === "json" ? indented(text) : text).toMatchFileSnapshot(golden);
  });
});

describe("formatTable", () => {
  const wide = fill(tables["two-column-axes"]);

  it("cuts a table that is too wide into blocks of columns, groups kept whole where they fit", async () => {
    const golden = fileURLToPath(new URL("__golden__/two-column-axes.narrow.golden", import.meta.url));
    const narrow = formatTable(wide, "text", { width: 72 });
    await expect(narrow).toMatchFileSnapshot(golden);
    expect(Math.max(...narrow.split("\n").map((line) => line.length))).toBeLessThanOrEqual(72);
  });

  it("never cuts a number, however narrow the terminal", () => {
    const numbers = formatTable(wide, "text").match(/\d\.\d+ ± \d\.\d+/gu);
    expect(
      formatTable(wide, "text", { width: 10 })
        .match(/\d\.\d+ ± \d\.\d+/gu)
        ?.sort(),
    ).toEqual(numbers?.sort());
  });

  it("lets paint change nothing but add to the text", () => {
    const mark = (text: string): string => `\u001b[1m${text}\u001b[22m`;
    const half = fill(tables["missing-and-failed"]);
    const painted = formatTable(half, "text", { paint: { bold: mark, bad: mark, dim: mark } });
    expect(painted).toContain(mark("✗"));
    expect(painted.replaceAll(/\u001b\[\d+m/gu, "")).toBe(formatTable(half, "text"));
  });

  it("paints the best", () => {
    const upper = (text: string): string => `<${text}>`;
    const same = (text: string): string => text;
    const paint = { bold: upper, bad: same, dim: same };
    expect(formatTable(fill(tables["simple"]), "text", { paint })).toContain("<0.953> <*>");
  });

  it("ends every CSV line as RFC 4180 asks", () => {
    const csv = formatTable(fill(tables["simple"]), "csv");
    expect(csv.split("\r\n")).toHaveLength(6);
    expect(csv.replaceAll("\r\n", "")).not.toContain("\n");
  });

  it("knows its formats by name", () => {
    expect(tableFormatNames).toEqual(["text", "md", "csv", "json", "latex"]);
    expect([isTableFormat("md"), isTableFormat("toString"), isTableFormat("html")]).toEqual([true, false, false]);
  });

  it("writes JSON as one line, so that several tables are lines of JSON", () => {
    expect(formatTable(fill(tables["simple"]), "json")).toMatch(/^\{"version":1,[^\n]*\}\n$/u);
  });

  it("keeps full precision in JSON and CSV", () => {
    const table = fill({ title: "t", rows: ["a"], cells: [{ row: { a: "x" }, scores: [0.1 + 0.2] }] });
    expect(formatTable(table, "json")).toContain("0.30000000000000004");
    expect(formatTable(table, "csv")).toContain("0.30000000000000004");
  });

  it("says so where a table has no cells", () => {
    const table = fill({ title: "Nothing", rows: ["a"], cells: [] });
    expect(formatTable(table, "text")).toBe("Nothing\n\nThis table has no cells.\n");
    expect(formatTable(table, "csv")).toMatch(/^metric,/u);
    expect(formatTable(table, "latex")).toContain("This table has no cells.");
  });
});

/** JSON as a reviewer can read it. */
function indented(text: string): string {
  return `${JSON.stringify(JSON.parse(text), null, 2)}\n`;
}

function fill(given: GivenTable | undefined): Table {
  if (given === undefined) throw new Error("No such table.");
  const answers = new Map<string, ScoreState>();
  const cells = given.cells.map((cell, index): CellSpec => {
    const metric = cell.metric ?? "test.auroc";
    const tasks = cell.scores.map((score, seed) => {
      const id = `score:${String(index)}-${String(seed)}`;
      answers.set(id, stateOf(score, metric, cell.notes ?? []));
      return id;
    });
    const value: CellExpression = { kind: "scores", tasks };
    const expected = cell.expected === undefined ? {} : { expected: cell.expected };
    return { row: cell.row, column: cell.column ?? {}, metric, value, ...expected };
  });
  const { title, rows, columns = [], best: bestSpec = null } = given;
  const origin = { file: "table.exp", line: 1, column: 1 };
  return tabulate({ title, origin, rows, columns, cells, best: bestSpec }, answers);
}

function stateOf(score: Given, metric: string, notes: readonly string[]): ScoreState {
  if (score === "missing") return { state: "missing" };
  if (score === "failed") return { state: "failed", message: "The file is not an image." };
  return {
    state: "done",
    score: { metric, value: score, perClass: null, classNames: [], nExamples: 624, nGroups: 624, epoch: null, notes },
  };
}
