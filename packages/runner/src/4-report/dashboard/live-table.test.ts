import { expect, it } from "vitest";
import { displayWidth } from "../../3-tabulate/formats/display-width.ts";
import { layOutTable } from "../../3-tabulate/formats/grid.ts";
import type { Cell, Table } from "../../3-tabulate/table.ts";
import { createPaint } from "../paint.ts";
import { drawLiveTable, type TableLines } from "./live-table.ts";

const cells = ["nih", "mura"].flatMap((dataset) =>
  ["deit", "resnet"].map((backbone, row): Cell => ({
    row: { backbone },
    column: { dataset },
    metric: "test.auroc",
    n: 2,
    mean: 0.9 - row / 100,
    std: 0.01,
    ci95: [0.85, 0.95],
    ciMethod: "bootstrap of patients",
    nTest: 624,
    nGroups: 624,
    nTrain: null,
    nTrainGroups: null,
    nTrainPerClass: null,
    p: row === 0 ? null : 0.4,
    pAdjusted: row === 0 ? null : 0.4,
    expected: null,
    notes: [],
    tasks: ["a", "b"],
    done: 2,
    failed: 0,
    best: row === 0,
    likeBest: row === 1,
  })),
);
const table: Table = {
  version: 1,
  title: "t",
  rows: [{ backbone: "deit" }, { backbone: "resnet" }],
  columns: [{ dataset: "nih" }, { dataset: "mura" }],
  cells,
  notes: [],
};

function draw(width: number): TableLines {
  return drawLiveTable({ table, grid: layOutTable(table) }, { width, firstColumn: 0, paint: createPaint(false) });
}

it("shows intervals only where all columns have room beside them", () => {
  const rows = ["resnet     0.890 ± 0.010 [0.850, 0.950] ~   0.890 ± 0.010 [0.850, 0.950] ~"];
  const enough = displayWidth(rows[0] ?? "");
  expect(draw(enough).rows.slice(1)).toEqual(rows);
  expect(draw(enough).title.join(" ")).toContain("interval in brackets");
  const narrow = draw(enough - 1);
  expect(narrow.rows.slice(1)).toEqual(["resnet     0.890 ± 0.010 ~   0.890 ± 0.010 ~"]);
  expect(narrow.columns.shown).toBe(2);
  expect(narrow.title.join(" ")).not.toContain("interval");
});

it("explains the marks", () => {
  expect(draw(100).foot.join("\n")).toContain("~ not told apart from the best (p >= 0.05, Holm)");
});
