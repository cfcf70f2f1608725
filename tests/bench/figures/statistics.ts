import { Worker } from "node:worker_threads";
import { judge, type BenchContext, type Figure, type FigureGroup } from "../figure.ts";
import { measureCoverage, type CoverageCell } from "../statistics/coverage.ts";
import { largeTable } from "../statistics/large-table.ts";
import type { CellShare } from "../statistics/resample-worker.ts";
import { runOp } from "../statistics/run-op.ts";

/** How long a large table's intervals and tests take, and how often an interval holds the truth. */
export const statisticsFigures: FigureGroup = {
  name: "statistics",
  measure: async (context) => [
    await timeTable(context, { figure: "statistics.table1_s", classes: 1, atMost: 15 }),
    await timeTable(context, { figure: "statistics.table14_s", classes: 14, atMost: 150 }),
    await coverage(context),
  ],
};

const threads = 2;

interface TimedTable {
  readonly figure: string;
  readonly classes: 1 | 14;
  readonly atMost: number;
}

/** From predictions in memory to the comparisons of all columns; each worker draws its own resamples. */
async function timeTable({ say }: BenchContext, { figure, classes, atMost }: TimedTable): Promise<Figure> {
  say(`statistics: a table of ${classes === 1 ? "one class" : "14 classes"}`);
  const { rows, columns, images, patients, resamples } = largeTable;
  const cells = Array.from({ length: rows * columns }, (_, at) => ({
    row: at % rows,
    column: Math.floor(at / rows),
  }));
  const workers = await Promise.all(
    Array.from({ length: threads }, (_, thread) =>
      startWorker({ classes, cells: cells.filter((_, at) => at % threads === thread) }),
    ),
  );
  const started = performance.now();
  const answers = (await Promise.all(workers.map((run) => run()))).flat();
  const resampled = performance.now();
  const tested = await compareColumns(answers);
  const seconds = (performance.now() - started) / 1000;
  const comparing = (performance.now() - resampled) / 1000;
  const macro = classes === 1 ? "one class" : "macro over 14 classes";
  const baseline = `auroc (${macro}) of ${String(rows)} x ${String(columns)} cells, ${String(images)} images of ${String(patients)} patients, ${String(resamples)} resamples by patient and 200 jackknife blocks each; ops resample on ${String(threads)} worker threads, then compare (${comparing.toFixed(2)} s for ${String(tested)} intervals), from predictions in memory; wall time, drawing included`;
  return judge({ figure, value: seconds, unit: "s", baseline }, { atMost });
}

interface CellAnswer {
  readonly row: number;
  readonly column: number;
  readonly answer: unknown;
}

/** Resolves once the worker has its predictions; calling what it resolves to makes it begin. */
function startWorker(share: CellShare): Promise<() => Promise<readonly CellAnswer[]>> {
  const worker = new Worker(new URL("../statistics/resample-worker.js", import.meta.url), { workerData: share });
  const answers: CellAnswer[] = [];
  return new Promise((ready, failed) => {
    let finish: (answers: readonly CellAnswer[]) => void = () => undefined;
    worker.on("error", failed);
    worker.on("message", (message: "ready" | "done" | CellAnswer) => {
      if (message === "ready") {
        ready(
          () =>
            new Promise((resolve, reject) => {
              worker.once("error", reject);
              finish = resolve;
              worker.postMessage("begin");
            }),
        );
      } else if (message === "done") {
        finish(answers);
        void worker.terminate();
      } else answers.push(message);
    });
  });
}

async function compareColumns(answers: readonly CellAnswer[]): Promise<number> {
  const { rows, columns, resamples, seed } = largeTable;
  let intervals = 0;
  for (let column = 0; column < columns; column++) {
    const inputs = answers
      .filter((each) => each.column === column)
      .map(({ row, answer }) => [`resamples.${String(row)}`, { kind: "resamples", value: answer }] as const);
    const cells = Array.from({ length: rows }, (_, input) => ({ answers: [{ input, draw: null }] }));
    const params = { cells, want: "max", resamples, seed };
    const comparison = await runOp<"comparison">("compare", params, Object.fromEntries(inputs));
    intervals += comparison.cells.filter(({ ci95 }) => ci95 !== null).length;
  }
  return intervals;
}

/**
 * Patients 60 to 400, 1 to 9 images each, balance and AUROC; the hardest corners of the grid that the interval was chosen on
 * are among them. Small sets are drawn more often, as they cost little.
 */
const grid: readonly CoverageCell[] = [
  { patients: 60, imagesEach: 1, positives: 0.5, auroc: 0.8, labelsOf: "patients", sets: 10_000 },
  { patients: 60, imagesEach: 1, positives: 0.5, auroc: 0.95, labelsOf: "patients", sets: 4000 },
  { patients: 60, imagesEach: 3, positives: 0.5, auroc: 0.9, labelsOf: "patients", sets: 4000 },
  { patients: 60, imagesEach: 9, positives: 0.5, auroc: 0.95, labelsOf: "images", sets: 4000 },
  { patients: 120, imagesEach: 1, positives: 0.25, auroc: 0.95, labelsOf: "patients", sets: 4000 },
  { patients: 120, imagesEach: 3, positives: 0.25, auroc: 0.8, labelsOf: "patients", sets: 4000 },
  { patients: 400, imagesEach: 1, positives: 0.1, auroc: 0.95, labelsOf: "patients", sets: 5000 },
  { patients: 400, imagesEach: 3, positives: 0.1, auroc: 0.7, labelsOf: "images", sets: 4000 },
];

const bounds = { low: 93.5, high: 96.5 };

async function coverage({ say }: BenchContext): Promise<Figure> {
  const measured: { readonly value: number; readonly where: string }[] = [];
  for (const [index, cell] of grid.entries()) {
    const { patients, imagesEach, positives, auroc, labelsOf } = cell;
    const where = `${String(patients)} patients x ${String(imagesEach)}, AUROC ${String(auroc)}, ${String(100 * positives)}% positive ${labelsOf}`;
    say(`statistics: coverage at ${where}`);
    const found = await measureCoverage(cell, 11 + index);
    measured.push({ value: found.auroc, where: `auroc at ${where}` });
    measured.push({ value: found.accuracy, where: `accuracy at ${where}` });
  }
  measured.sort((a, b) => a.value - b.value);
  const [lowest, highest] = [measured[0]!, measured.at(-1)!];
  const worst = 95 - lowest.value > highest.value - 95 ? lowest : highest;
  return {
    figure: "statistics.coverage",
    value: worst.value,
    unit: "%",
    target: `${String(bounds.low)}-${String(bounds.high)}`,
    holds: lowest.value >= bounds.low && highest.value <= bounds.high,
    baseline: `coverage of nominal 95%, the farthest from it of ${String(measured.length)}; they range from ${lowest.value.toFixed(2)} (${lowest.where}) to ${highest.value.toFixed(2)} (${highest.where}); 1,000 resamples by ops resample and compare, 4,000 to 10,000 drawn test sets each (Monte-Carlo error below 0.4 each), half of a score's variance the patient's`,
  };
}
