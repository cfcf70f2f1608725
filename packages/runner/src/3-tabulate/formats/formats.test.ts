import { fileURLToPath } from "node:url";
import type { AxisLabel, CellExpression, CellSpec, TableSpec } from "@exp-lab/dsl";
import type { Comparison, Ranking, Score } from "@exp-lab/ops";
import { describe, expect, it } from "vitest";
import { nothingFound, type Findings } from "../findings.ts";
import type { ScoreState } from "../score-state.ts";
import type { Table } from "../table.ts";
import { tabulate } from "../tabulate.ts";
import { displayWidth } from "./display-width.ts";
import { formatTable, isTableFormat, problemOfFormat, tableFormatNames } from "./formats.ts";

type TrainedOn = NonNullable<Score["trainedOn"]>;
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
  /** Interval and p value against the best, raw and adjusted, as the comparison of its column has them. */
  readonly compared?: readonly [low: number, high: number, p: number | null, pAdjusted: number | null];
  /** Of each score in turn. */
  readonly trainedOn?: readonly TrainedOn[];
}
interface GivenTable extends Partial<Pick<TableSpec, "best" | "columns">> {
  readonly title: string;
  readonly rows: readonly string[];
  readonly cells: readonly GivenCell[];
  /** How the intervals of a column were made, by its place. */
  readonly methods?: readonly string[];
  readonly ranking?: Ranking;
}

const best: TableSpec["best"] = { want: "max", per: "column" };

const rankedBackbones = ["deit", "squeezenet", "dinov2_l", "vgg", "resnet"];
/** The ranks of these on nine data sets. */
const nineDatasetRanks: readonly (readonly number[])[] = [
  [2, 5, 1, 4, 3],
  [2, 5, 1, 3, 4],
  [1, 5, 2, 4, 3],
  [3, 5, 1, 4, 2],
  [2, 4, 1, 5, 3],
  [1, 4, 2, 5, 3],
  [2, 5, 1, 4, 3],
  [3, 4, 1, 5, 2],
  [1, 5, 3, 4, 2],
];
/** By scipy.stats: friedmanchisquare, f.sf and studentized_range.ppf. */
const nineDatasets: Ranking = {
  averageRanks: [17 / 9, 42 / 9, 13 / 9, 38 / 9, 25 / 9],
  chiSquare: 28.71111111111111,
  p: 8.948020515802739e-6,
  imanDavenport: 31.512195121951205,
  pImanDavenport: 1.0974261044760962e-10,
  criticalDifference: 2.033162973515961,
  cliques: [
    [2, 0, 4],
    [4, 3, 1],
  ],
  nDatasets: 9,
  notes: [],
};

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
  compared: {
    title: "Held against the best",
    rows: ["backbone"],
    columns: ["dataset"],
    best,
    methods: ["percentile bootstrap of patients, 2000 resamples"],
    cells: [
      {
        row: { backbone: "deit" },
        column: { dataset: "chest" },
        scores: [0.9601, 0.9633],
        compared: [0.94451, 0.97402, null, null],
        trainedOn: [
          { examples: 58, groups: 12, perClass: [28, 30] },
          { examples: 64, groups: 14, perClass: [30, 34] },
        ],
      },
      {
        row: { backbone: "resnet" },
        column: { dataset: "chest" },
        scores: [0.9511, 0.9525],
        compared: [0.9312, 0.9688, 0.031, 0.062],
        trainedOn: [
          { examples: 58, groups: 12, perClass: [28, 30] },
          { examples: 64, groups: 14, perClass: [30, 34] },
        ],
      },
      { row: { backbone: "vgg" }, column: { dataset: "chest" }, scores: [0.8], compared: [0.77, 0.83, 0.001, 0.002] },
      { row: { backbone: "deit" }, column: { dataset: "nih" }, scores: [0.81], compared: [0.795, 0.8251, 0.2, 0.2] },
      { row: { backbone: "resnet" }, column: { dataset: "nih" }, scores: [0.82], compared: [0.805, 0.835, null, null] },
      { row: { backbone: "deit" }, column: { dataset: "mura" }, scores: [0.7, "missing"], compared: [0.6, 0.8, 1, 1] },
    ],
  },
  ranked: {
    title: "Over data sets",
    rows: ["backbone", "head"],
    columns: ["dataset"],
    best,
    get cells() {
      return nineDatasetRanks.flatMap((ranks, dataset) =>
        ranks.map((rank, row) => ({
          row: { backbone: rankedBackbones[row] ?? "", head: "probe" },
          column: { dataset: `d${String(dataset + 1)}` },
          scores: [0.95 - 0.01 * rank - 0.02 * dataset],
        })),
      );
    },
    get ranking() {
      return nineDatasets;
    },
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
  const table = fill(given);
  const formats = tableFormatNames.filter((format) => problemOfFormat(table, format) === null);
  it.each(formats)("as %s", async (format) => {
    const golden = fileURLToPath(new URL(`__golden__/${name}.${format}.golden`, import.meta.url));
    const text = formatTable(table, format).replaceAll("\r\n", "\n");
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
    expect(tableFormatNames).toEqual(["text", "md", "csv", "json", "latex", "svg"]);
    expect([isTableFormat("md"), isTableFormat("toString"), isTableFormat("html")]).toEqual([true, false, false]);
  });

  it("leaves intervals out where one would make a column wider than the terminal, and says so", async () => {
    const table = fill(tables["compared"]);
    const narrow = formatTable(table, "text", { width: 48 });
    const golden = fileURLToPath(new URL("__golden__/compared.narrow.golden", import.meta.url));
    await expect(narrow).toMatchFileSnapshot(golden);
    expect(Math.max(...narrow.split("\n").map(displayWidth))).toBeLessThanOrEqual(48);
    expect(formatTable(table, "text", { width: 60 })).toContain("[0.945, 0.974]");
  });

  it("draws no diagram of ranks that the terminal has no room for, but tells them", () => {
    const table = fill(tables["ranked"]);
    for (const width of [20, 40, 60, 80, 100]) {
      const lines = formatTable(table, "text", { width }).split("\n");
      expect(lines.join(" ").replace(/ +/gu, " ")).toContain("Mean ranks over 9 data sets");
      expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(Math.max(width, 30));
      expect(lines.some((line) => line.includes("┼"))).toBe(width >= 40);
    }
  });

  it("draws ranks only where there is a critical difference", () => {
    const { ranked } = tables;
    expect(problemOfFormat(fill(ranked), "svg")).toBeNull();
    const without = fill(tables["simple"]);
    expect(problemOfFormat(without, "svg")).toMatch(/^The table "Frozen features" has no ranking to draw: /u);
    expect(() => formatTable(without, "svg")).toThrow("has no ranking to draw");
    const notes = ["There is no critical difference: it takes 8 data sets at least, and 5 were ranked."];
    const few = fill(
      ranked && { ...ranked, ranking: { ...nineDatasets, criticalDifference: null, cliques: [], notes } },
    );
    expect(problemOfFormat(few, "svg")).toBe(
      `The table "Over data sets" has no critical difference to draw. ${notes[0]}`,
    );
    expect(formatTable(few, "text")).toContain(notes[0]);
    expect(tableFormatNames.filter((format) => problemOfFormat(few, format) !== null)).toEqual(["svg"]);
  });

  it("writes names into SVG that no reader takes for markup", () => {
    const names = { deit: '</text><script>"x"</script>', vgg: "a & 'b'\u0000\ud800\uffff", resnet: "肺部" };
    const cells = tables["ranked"]?.cells.map((cell) => {
      const name = String(cell.row["backbone"]);
      return { ...cell, row: { backbone: Object.hasOwn(names, name) ? names[name as keyof typeof names] : name } };
    });
    const svg = formatTable(fill(tables["ranked"] && { ...tables["ranked"], cells: cells ?? [] }), "svg");
    expect(svg).toContain("&lt;/text&gt;&lt;script&gt;&quot;x&quot;&lt;/script&gt;");
    expect(svg).toContain("a &amp; &apos;b&apos;\ufffd\ufffd\ufffd");
    expect(svg).toContain("肺部");
    const tags = new Set([...svg.matchAll(/<(\w+)/gu)].map(([, tag]) => tag));
    expect([...tags]).toEqual(["svg", "title", "rect", "path", "text", "tspan"]);
    expect(svg).not.toMatch(/[\p{Cs}\uffff]|(?![\n])\p{Cc}/u);
  });

  it.each([2, 3, 12, 40])("draws %d rows within the picture, and no two labels of a side over each other", (count) => {
    const ranks = Array.from({ length: count }, (_, row) => 1 + row * 0.999);
    const cells = ranks.map((_, row) => ({ row: { backbone: `network_${String(row)}` }, scores: [0.5] }));
    const ranking = { ...nineDatasets, averageRanks: ranks, criticalDifference: 0.4 * count, cliques: [[0, 1]] };
    const svg = formatTable(fill({ title: "t", rows: ["backbone"], cells, ranking }), "svg");
    const [, width = 0, height = 0] = (/viewBox="0 0 (\d+) (\d+)"/u.exec(svg) ?? []).map(Number);
    const places = [...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)" text-anchor="(start|end)"/gu)];
    expect(new Set(places.map(([, x, y, anchor]) => `${String(x)} ${String(y)} ${String(anchor)}`)).size).toBe(count);
    for (const [, x, y] of svg.matchAll(/ x="([\d.]+)" y="([\d.]+)"/gu)) {
      expect(Number(x)).toBeLessThan(width);
      expect(Number(y)).toBeLessThan(height);
    }
    const leaders = [...svg.matchAll(/M([\d.]+) [\d.]+V[\d.]+H/gu)].map(([, x]) => Number(x));
    expect(leaders).toHaveLength(count);
    expect(Math.min(...leaders)).toBeGreaterThan(0);
    expect(Math.max(...leaders)).toBeLessThan(width);
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
      answers.set(id, stateOf(score, { metric, notes: cell.notes ?? [], trainedOn: cell.trainedOn?.[seed] }));
      return id;
    });
    const value: CellExpression = { kind: "scores", tasks };
    const expected = cell.expected === undefined ? {} : { expected: cell.expected };
    const compared = cell.compared && { compared: { task: columnOf(cell), place: placeIn(given, index) } };
    return { row: cell.row, column: cell.column ?? {}, metric, value, ...expected, ...compared };
  });
  const { title, rows, columns = [], best: bestSpec = null, ranking } = given;
  const origin = { file: "table.exp", line: 1, column: 1 };
  const ranked = ranking && { ranking: "ranking" };
  return tabulate({ title, origin, rows, columns, cells, best: bestSpec, ...ranked }, answers, findingsOf(given));
}

function columnOf({ column }: GivenCell): string {
  return JSON.stringify(column ?? {});
}

function placeIn({ cells }: GivenTable, index: number): number {
  return cells.slice(0, index).filter((cell) => columnOf(cell) === columnOf(cells[index]!)).length;
}

function findingsOf({ cells, ranking, methods = [] }: GivenTable): Findings {
  const columns = [...new Set(cells.map(columnOf))];
  const comparisons = columns.map((column, index): [string, Comparison] => {
    const compared = cells
      .filter((cell) => columnOf(cell) === column)
      .flatMap(({ compared }) => (compared ? [compared] : []));
    const tests = compared.filter(([, , p]) => p !== null).length;
    const comparison = {
      cells: compared.map(([low, high, p, pAdjusted]) => ({
        ci95: [low, high] as const,
        p,
        pAdjusted,
        isBest: p === null,
      })),
      ciMethod: methods[index % methods.length] ?? null,
      testMethod: `paired bootstrap of patients against the best cell, two-sided, Holm over ${String(tests)} ${tests === 1 ? "test" : "tests"}`,
      nGroups: null,
      notes: [],
    };
    return [column, comparison];
  });
  return {
    comparisons: new Map(comparisons),
    rankings: ranking ? new Map([["ranking", ranking]]) : nothingFound.rankings,
  };
}

interface GivenScore extends Pick<Score, "metric" | "notes"> {
  readonly trainedOn: TrainedOn | undefined;
}

function stateOf(score: Given, { metric, notes, trainedOn }: GivenScore): ScoreState {
  if (score === "missing") return { state: "missing" };
  if (score === "failed") return { state: "failed", message: "The file is not an image." };
  const classNames = trainedOn === undefined ? [] : ["normal", "pneumonia"];
  const sizes = { nExamples: 624, nGroups: 624, epoch: null };
  return {
    state: "done",
    score: { metric, value: score, perClass: null, classNames, ...sizes, ...(trainedOn && { trainedOn }), notes },
  };
}
