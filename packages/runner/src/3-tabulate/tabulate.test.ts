import type { AxisLabel, BestSpec, CellExpression, CellFunction, CellSpec } from "@exp-lab/dsl";
import type { Comparison, Score } from "@exp-lab/ops";
import { describe, expect, it } from "vitest";
import type { ScoreState } from "./score-state.ts";
import type { Cell, Table } from "./table.ts";
import { tabulate } from "./tabulate.ts";
import { nothingFound } from "./findings.ts";

const origin = { file: "table.exp", line: 1, column: 1 };
const bestPerColumn: BestSpec = { want: "max", per: "column" };

describe("the numbers of a cell", () => {
  it("counts one answer per task, with mean and sample deviation", () => {
    // numpy: mean([0.7, 0.8, 0.95]) and std(ddof=1)
    const cell = onlyCell(scores("a", 3), { a0: 0.7, a1: 0.8, a2: 0.95 });
    expect(cell).toMatchObject({ n: 3, done: 3, failed: 0, tasks: ["a0", "a1", "a2"] });
    expect(cell.mean).toBeCloseTo(0.8166666666666667, 14);
    expect(cell.std).toBeCloseTo(0.12583057392117916, 14);
  });

  it("has no deviation of a single answer", () => {
    expect(onlyCell(scores("a", 1), { a0: 0.7 })).toMatchObject({ n: 1, mean: 0.7, std: null });
  });

  it("counts a task that several seeds share once", () => {
    const shared: CellExpression = { kind: "scores", tasks: ["a0", "a0", "a0"] };
    expect(onlyCell(shared, { a0: 0.7 })).toMatchObject({ n: 1, mean: 0.7, std: null, tasks: ["a0"], done: 1 });
  });

  it("takes the mean of equal answers to be that answer to the last bit", () => {
    expect(onlyCell(scores("a", 3), { a0: 0.1, a1: 0.1, a2: 0.1 })).toMatchObject({ mean: 0.1, std: 0 });
  });

  it("counts what is done and what failed, and means over what is there", () => {
    const cell = onlyCell(scores("a", 3), { a0: 0.5, a1: "failed" });
    expect(cell).toMatchObject({ n: 1, mean: 0.5, done: 1, failed: 1 });
  });

  it("is empty while nothing is stored", () => {
    expect(onlyCell(scores("a", 2), {})).toMatchObject({ n: 0, mean: null, std: null, nTest: null, done: 0 });
  });

  it("says so where the mean leaves out answers without a value", () => {
    const cell = onlyCell(scores("a", 2), { a0: 0.5, a1: null });
    expect(cell).toMatchObject({ n: 1, mean: 0.5, done: 2 });
    expect(cell.notes).toEqual(["The mean leaves out 1 of 2 answers, for which the metric is not defined."]);
  });

  it("gives the sizes of the test split only where all scores agree on them", () => {
    const agreeing = { a0: score({ nExamples: 9, nGroups: 4 }), a1: score({ nExamples: 9, nGroups: 5 }) };
    expect(onlyCell(scores("a", 2), agreeing)).toMatchObject({ nTest: 9, nGroups: null });
  });

  it("leaves intervals and tests open: they are measured or absent", () => {
    const cell = onlyCell(scores("a", 1), { a0: 0.7 });
    expect(cell).toMatchObject({ ci95: null, ciMethod: null, p: null, pAdjusted: null });
  });
});

describe("what the heads of a cell were fitted on", () => {
  const fitted = (examples: number, groups: number, perClass: readonly number[]): ScoreState => {
    const classNames = ["normal", "mass"].slice(0, perClass.length);
    return score({ classNames, trainedOn: { examples, groups, perClass } });
  };
  const drawn = { a0: fitted(58, 12, [28, 30]), a1: fitted(64, 14, [30, 34]) };

  it("is told as least and most over its answers", () => {
    const cell = onlyCell(scores("a", 2), drawn);
    expect(cell.nTrain).toEqual({ least: 58, most: 64 });
    expect(cell.nTrainGroups).toEqual({ least: 12, most: 14 });
    expect(cell.nTrainPerClass).toEqual({ normal: { least: 28, most: 30 }, mass: { least: 30, most: 34 } });
  });

  it("is null where nothing was fitted, and per class where the classes differ", () => {
    const none = { nTrain: null, nTrainGroups: null, nTrainPerClass: null };
    expect(onlyCell(scores("a", 1), { a0: 0.5 })).toMatchObject(none);
    const mixed = onlyCell(scores("a", 2), { a0: fitted(8, 8, [4, 4]), a1: fitted(8, 8, [8]) });
    expect(mixed).toMatchObject({ nTrain: { least: 8, most: 8 }, nTrainPerClass: null });
  });

  it.each([
    ["draws differ", drawn, ["Trained on 58 to 64 examples of 12 to 14 patients (normal 28 to 30, mass 30 to 34)."]],
    [
      "only the classes of draws differ",
      { a0: fitted(8, 8, [4, 4]), a1: fitted(8, 8, [3, 5]) },
      ["Trained on 8 examples (normal 3 to 4, mass 4 to 5)."],
    ],
    [
      "few patients have many images",
      { a0: fitted(900, 1, [450, 450]) },
      ["Trained on 900 examples of 1 patient (normal 450, mass 450)."],
    ],
    ["every draw is alike", { a0: fitted(8, 8, [4, 4]), a1: fitted(8, 8, [4, 4]) }, []],
    ["there are many", { a0: fitted(4000, 3000, [1000, 3000]), a1: fitted(4100, 3050, [1000, 3100]) }, []],
  ] as const)("is a note where it has to be known: %s", (_, given, notes) => {
    expect(column([scores("a", Object.keys(given).length)]).fill(given).notes).toEqual(notes);
  });

  it("floods no page: many different numbers are one note", () => {
    const names = Array.from({ length: 9 }, (_, index) => `t${String(index)}x`);
    const given = Object.fromEntries(names.map((name, index) => [`${name}0`, fitted(10 + index, 5, [5, 5 + index])]));
    expect(column(names.map((name) => scores(name, 1))).fill(given).notes).toEqual([
      "Training examples are few, and as many as each cell's draws gave: 10 to 18 in all (nTrain in the JSON of this table).",
    ]);
  });
});

describe("intervals and tests", () => {
  const cells = ["a", "b", "c"].map((name, index): CellSpec => {
    const compared = { task: "compared", place: index };
    return { row: { row: name }, column: {}, metric: "test.auroc", value: scores(name, 1), compared };
  });
  const found: Comparison = {
    cells: [
      { ci95: [0.8, 0.95], p: null, pAdjusted: null, isBest: true },
      { ci95: [0.7, 0.9], p: 0.05, pAdjusted: 0.05, isBest: false },
      { ci95: null, p: 0.01, pAdjusted: 0.0499, isBest: false },
    ],
    ciMethod: "bootstrap of patients",
    testMethod: "paired bootstrap against the best cell, Holm over 2 tests",
    nGroups: 40,
    notes: ["Few patients."],
  };
  const fill = (given: Given, comparison = found): Table =>
    tabulate({ title: "t", origin, rows: ["row"], columns: [], cells, best: bestPerColumn }, states(given), {
      ...nothingFound,
      comparisons: new Map([["compared", comparison]]),
    });

  it("stand in the cells that they are about", () => {
    const table = fill({ a0: 0.9, b0: 0.8, c0: 0.7 });
    expect(table.cells.map(({ ci95, ciMethod, pAdjusted, likeBest }) => [ci95, ciMethod, pAdjusted, likeBest])).toEqual(
      [
        [[0.8, 0.95], "bootstrap of patients", null, false],
        [[0.7, 0.9], "bootstrap of patients", 0.05, true],
        [null, null, 0.0499, false],
      ],
    );
    expect(table.notes).toEqual([
      "Few patients.",
      "The best of each column was picked on the test scores themselves. Tests: paired bootstrap against the best cell, Holm over 2 tests.",
    ]);
  });

  it("are left out of a cell that lacks an answer", () => {
    expect(fill({ a0: 0.9, c0: 0.7 }).cells[1]).toMatchObject({ ci95: null, p: null, likeBest: false });
  });

  it("make nothing like a best that is not marked", () => {
    const table = fill({ ...differentClasses, c0: 0.7 });
    expect(table.cells.map(({ best, likeBest }) => best || likeBest)).toEqual([false, false, false]);
  });

  it("name their methods cell by cell where there are several", () => {
    const byTask = { ...found, ciMethod: "DeLong" };
    const spec = { title: "t", origin, rows: ["row"], columns: [], best: null };
    const apart = cells.map((cell, place) => (place === 1 ? { ...cell, compared: { task: "other", place } } : cell));
    const comparisons = new Map([
      ["compared", found],
      ["other", byTask],
    ]);
    const { notes } = tabulate({ ...spec, cells: apart }, states({ a0: 0.9, b0: 0.8, c0: 0.7 }), {
      ...nothingFound,
      comparisons,
    });
    expect(notes).toEqual([
      "Few patients.",
      "a: The interval is by bootstrap of patients.",
      "b: The interval is by DeLong.",
    ]);
  });
});

describe("functions of cells", () => {
  const given = { a0: 0.6, a1: 0.8, b0: 0.5, b1: 0.4, c0: 0.1 };

  it.each([
    ["mean", 0.575],
    ["min", 0.45],
    ["max", 0.7],
    ["difference", 0.25],
    ["ratio", 1.6],
  ] as const)("%s combines seed by seed", (name, mean) => {
    const cell = onlyCell(apply(name, scores("a", 2), scores("b", 2)), given);
    expect(cell.mean).toBeCloseTo(mean, 14);
    expect(cell).toMatchObject({ n: 2, tasks: ["a0", "a1", "b0", "b1"] });
  });

  it("takes the deviation over seeds of the combined values", () => {
    // Differences 0.1 and 0.4.
    expect(onlyCell(apply("difference", scores("a", 2), scores("b", 2)), given).std).toBeCloseTo(0.3 / Math.SQRT2, 14);
  });

  it("sets a single answer beside every answer of the others", () => {
    const cell = onlyCell(apply("difference", scores("a", 2), scores("c", 1)), given);
    expect(cell.n).toBe(2);
    expect(cell.mean).toBeCloseTo(0.6, 14);
  });

  it("sets a shared task beside every answer of the others", () => {
    const shared: CellExpression = { kind: "scores", tasks: ["c0", "c0", "c0"] };
    expect(onlyCell(apply("difference", scores("a", 2), shared), given).mean).toBeCloseTo(0.6, 14);
  });

  it("pairs no unequal numbers of answers, and says so", () => {
    const cell = onlyCell(apply("mean", scores("a", 2), scores("d", 3)), { ...given, d0: 1, d1: 1, d2: 1 });
    expect(cell).toMatchObject({ n: 0, mean: null });
    expect(cell.notes).toEqual(["`mean` has arguments with 2 and 3 answers, which cannot be paired seed by seed."]);
  });

  it("leaves out a seed that only one argument has answered", () => {
    const cell = onlyCell(apply("difference", scores("a", 2), scores("b", 2)), { a0: 0.6, a1: 0.8, b1: 0.4 });
    expect(cell).toMatchObject({ n: 1, done: 3 });
    expect(cell.mean).toBeCloseTo(0.4, 14);
  });

  it("has no ratio to zero, and says so", () => {
    const cell = onlyCell(apply("ratio", scores("a", 1), scores("z", 1)), { a0: 0.5, z0: 0 });
    expect(cell).toMatchObject({ n: 0, mean: null, notes: ["`ratio` has no value where it divides by zero."] });
  });
});

describe("rank", () => {
  const ranked = (given: Given): readonly (number | null)[] =>
    column(["a", "b", "c"].map((name) => apply("rank", scores(name, 1))))
      .fill(given)
      .cells.map((cell) => cell.mean);

  it("gives the highest row of a column 1 and ties the mean of their places", () => {
    expect(ranked({ a0: 0.7, b0: 0.9, c0: 0.8 })).toEqual([3, 1, 2]);
    expect(ranked({ a0: 0.9, b0: 0.9, c0: 0.8 })).toEqual([1.5, 1.5, 3]);
  });

  it("gives the lowest row 1 where lower is better, and marks it", () => {
    const rows = ["a", "b", "c"].map((name) => ({ ...apply("rank", scores(name, 1)), lowerIsBetter: true as const }));
    const lowest: BestSpec = { want: "min", per: "column" };
    const table = column(rows).fill({ a0: 0.7, b0: 0.1, c0: 0.2 }, lowest);
    expect(table.cells.map((cell) => cell.mean)).toEqual([3, 1, 2]);
    expect(bestRows(table)).toEqual(["r1"]);
    const tied = column(rows).fill({ a0: 0.1, b0: 0.1, c0: 0.2 }, lowest);
    expect(tied.cells.map((cell) => cell.mean)).toEqual([1.5, 1.5, 3]);
  });

  it("waits until every row has all its answers", () => {
    const { cells } = column(["a", "b"].map((name) => apply("rank", scores(name, 2)))).fill({ a0: 1, a1: 1, b0: 0 });
    expect(cells.map(({ mean, done, tasks }) => [mean, done, tasks.length])).toEqual([
      [null, 3, 4],
      [null, 3, 4],
    ]);
  });

  it("can be averaged over data sets", () => {
    const rows = ["a", "b"].map((name) =>
      apply("mean", apply("rank", scores(`${name}x`, 1)), apply("rank", scores(`${name}y`, 1))),
    );
    const { cells } = column(rows).fill({ ax0: 0.9, ay0: 0.5, bx0: 0.8, by0: 0.6 });
    expect(cells.map((cell) => cell.mean)).toEqual([1.5, 1.5]);
  });

  it("marks the lowest rank where the highest score is wanted", () => {
    const table = column(["a", "b"].map((name) => apply("rank", scores(name, 1)))).fill(
      { a0: 0.7, b0: 0.9 },
      bestPerColumn,
    );
    expect(bestRows(table)).toEqual(["r1"]);
  });

  it("ranks no rows that are averaged over different classes", () => {
    const table = column(["a", "b"].map((name) => apply("rank", scores(name, 1)))).fill(differentClasses);
    expect(table.cells.map((cell) => cell.mean)).toEqual([null, null]);
    expect(table.notes).toEqual([incomparable]);
  });
});

describe("best", () => {
  const rows = ["a", "b", "c"].map((name) => scores(name, 1));

  it("marks by unrounded means, and all that tie", () => {
    expect(bestRows(column(rows).fill({ a0: 0.90001, b0: 0.9, c0: 0.1 }, bestPerColumn))).toEqual(["r0"]);
    expect(bestRows(column(rows).fill({ a0: 0.9, b0: 0.9, c0: 0.1 }, bestPerColumn))).toEqual(["r0", "r1"]);
    const lowest: BestSpec = { want: "min", per: "column" };
    expect(bestRows(column(rows).fill({ a0: 0.9, b0: 0.9, c0: 0.1 }, lowest))).toEqual(["r2"]);
  });

  it("marks nothing while a cell of the column is not whole", () => {
    expect(bestRows(column(rows).fill({ a0: 0.9, b0: 0.8 }, bestPerColumn))).toEqual([]);
    expect(bestRows(column(rows).fill({ a0: 0.9, b0: 0.8, c0: "failed" }, bestPerColumn))).toEqual([]);
    expect(bestRows(column(rows).fill({ a0: 0.9, b0: 0.8, c0: null }, bestPerColumn))).toEqual([]);
  });

  it("marks nothing where there is nothing to beat", () => {
    expect(bestRows(column([scores("a", 1)]).fill({ a0: 0.9 }, bestPerColumn))).toEqual([]);
  });

  it.each([
    ["column", ["x r0", "y r1"]],
    ["row", ["x r0", "y r1"]],
    ["table", ["x r0"]],
  ] as const)("picks per %s", (per, expected) => {
    const at = (row: string, dataset: string, task: string): CellSpec => ({
      row: { row },
      column: { dataset },
      metric: "test.auroc",
      value: { kind: "scores", tasks: [task] },
    });
    const cells = [at("r0", "x", "a"), at("r0", "y", "b"), at("r1", "x", "c"), at("r1", "y", "d")];
    const table = tabulate(
      { title: "t", origin, rows: ["row"], columns: ["dataset"], cells, best: { want: "max", per } },
      states({ a: 0.9, b: 0.5, c: 0.6, d: 0.8 }),
    );
    const marked = table.cells.filter((cell) => cell.best);
    expect(marked.map((cell) => `${String(cell.column["dataset"])} ${String(cell.row["row"])}`)).toEqual(expected);
  });

  it("says on what the choice was made", () => {
    const table = column(rows).fill({ a0: 0.9, b0: 0.8, c0: 0.1 }, bestPerColumn);
    expect(table.notes).toEqual([
      "The best of each column was picked on the test scores themselves; its lead over the others is not tested.",
    ]);
  });

  it("marks no rows that are averaged over different classes, and says so", () => {
    const table = column(rows.slice(0, 2)).fill(differentClasses, bestPerColumn);
    expect(bestRows(table)).toEqual([]);
    expect(table.notes).toEqual([incomparable]);
  });

  it("says that rows are not comparable even where nothing is to be marked", () => {
    expect(column(rows.slice(0, 2)).fill(differentClasses).notes).toEqual([incomparable]);
  });
});

describe("the layout", () => {
  it("keeps rows in order of first appearance and names an axis that does not apply null", () => {
    const cell = (row: Readonly<Record<string, AxisLabel>>, task: string): CellSpec => ({
      row,
      column: {},
      metric: "test.auroc",
      value: { kind: "scores", tasks: [task] },
    });
    const cells = [
      cell({ backbone: "z", k: 5 }, "a"),
      cell({ backbone: "a" }, "b"),
      cell({ k: 5, backbone: "a" }, "c"),
    ];
    const table = tabulate({ title: "t", origin, rows: ["backbone", "k"], columns: [], cells, best: null }, new Map());
    expect(table.rows).toEqual([
      { backbone: "z", k: 5 },
      { backbone: "a", k: null },
      { backbone: "a", k: 5 },
    ]);
    expect(table.columns).toEqual([{}]);
  });

  it("refuses two cells at one place", () => {
    const cell: CellSpec = { row: { row: "r" }, column: {}, metric: "test.auroc", value: scores("a", 1) };
    const spec = { title: "t", origin, rows: ["row"], columns: [], cells: [cell, cell], best: null };
    expect(() => tabulate(spec, new Map())).toThrow(/two cells at/u);
  });

  it("carries published numbers", () => {
    const cell: CellSpec = { row: {}, column: {}, metric: "test.auroc", value: scores("a", 1), expected: 0.763 };
    const spec = { title: "t", origin, rows: [], columns: [], cells: [cell], best: null };
    expect(tabulate(spec, new Map()).cells[0]?.expected).toBe(0.763);
  });
});

describe("notes", () => {
  const note = "A class is left out.";
  const noted = (value: number): ScoreState => score({ value, notes: [note] });

  it("stand once, without a place where they hold for all", () => {
    const rows = [scores("a", 2), scores("b", 1)];
    expect(column(rows).fill({ a0: noted(0.5), a1: noted(0.6), b0: noted(0.7) }).notes).toEqual([note]);
  });

  it("name the rows that they are about", () => {
    const rows = [scores("a", 1), scores("b", 1), scores("c", 1)];
    const table = column(rows).fill({ a0: noted(0.5), b0: 0.5, c0: noted(0.6) });
    expect(table.notes).toEqual([`r0, r2: ${note}`]);
    expect(table.cells.map((cell) => cell.notes.length)).toEqual([1, 0, 1]);
  });

  it("count the rest where they are about many rows", () => {
    const names = Array.from({ length: 10 }, (_, index) => `t${String(index)}x`);
    const given = Object.fromEntries(names.map((name, index) => [`${name}0`, index === 0 ? 0.1 : noted(0.5)]));
    const table = column(names.map((name) => scores(name, 1))).fill(given);
    expect(table.notes).toEqual([`r1, r2, r3, r4, r5, r6 and 3 more: ${note}`]);
  });
});

type Given = Readonly<Record<string, number | null | "failed" | ScoreState>>;

const incomparable =
  "These cells average over different sets of classes and are not comparable; none is ranked or marked as the best.";
const differentClasses: Given = {
  a0: score({ value: 0.9, perClass: [0.9, null], classNames: ["hernia", "mass"] }),
  b0: score({ value: 0.8, perClass: [0.7, 0.9], classNames: ["hernia", "mass"] }),
};

function scores(name: string, count: number): CellExpression {
  return { kind: "scores", tasks: Array.from({ length: count }, (_, seed) => `${name}${String(seed)}`) };
}

function apply(name: CellFunction, ...parts: readonly CellExpression[]): CellExpression {
  return { kind: "apply", function: name, arguments: parts };
}

/** A table of one column, its rows named r0, r1 and so on. */
function column(rows: readonly CellExpression[]): { readonly fill: (given: Given, best?: BestSpec) => Table } {
  const cells = rows.map((value, index): CellSpec => {
    return { row: { row: `r${String(index)}` }, column: {}, metric: "test.auroc", value };
  });
  return {
    fill: (given, best) =>
      tabulate({ title: "t", origin, rows: ["row"], columns: [], cells, best: best ?? null }, states(given)),
  };
}

function onlyCell(value: CellExpression, given: Given): Cell {
  const [cell] = column([value]).fill(given).cells;
  if (cell === undefined) throw new Error("The table has no cell.");
  return cell;
}

function bestRows(table: Table): readonly unknown[] {
  return table.cells.filter((cell) => cell.best).map((cell) => cell.row["row"]);
}

function states(given: Given): ReadonlyMap<string, ScoreState> {
  return new Map(Object.entries(given).map(([task, value]) => [task, stateOf(value)]));
}

function stateOf(value: Given[string]): ScoreState {
  if (value === "failed") return { state: "failed", message: "The file is not an image." };
  return typeof value === "object" && value !== null ? value : score({ value });
}

function score(part: Partial<Score>): ScoreState {
  const whole = {
    metric: "auroc",
    value: 0.5,
    perClass: null,
    classNames: [],
    nExamples: 624,
    nGroups: 624,
    epoch: null,
    notes: [],
  };
  return { state: "done", score: { ...whole, ...part } };
}
