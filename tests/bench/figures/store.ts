import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openStore, type Store } from "@exp-lab/runner";
import { judge, median, type Figure, type FigureGroup } from "../figure.ts";
import { manyTrials } from "../graphs/many-trials.ts";
import { runExp } from "../run-exp.ts";

/** Rows as wide as ViT-B's class token, as many as a medium data set has. */
const width = 768;
const rows = 100_000;
const rowsOfShard = 680;
const repeats = 5;
const processes = 32;

/** The store's speed and size, and many processes on one. */
export const storeFigures: FigureGroup = {
  name: "store",
  measure: async ({ root, scratch, say }) => {
    say("store: 100,000 rows of 768 numbers");
    const folder = join(scratch, "store");
    const store = openStore(folder);
    const examples = Array.from({ length: rows }, (_, row) => createHash("sha256").update(String(row)).digest("hex"));
    fill(store, examples);
    store.close();
    return [...readFigures(folder, examples), ...(await shareFigures(root, scratch, say))];
  },
};

type Recipe = Parameters<Store["saveRows"]>[0]["recipe"];
const recipe = createHash("sha256").update("bench").digest("hex") as Recipe;

function fill(store: Store, examples: readonly string[]): void {
  const run = store.startRun({ program: "bench.exp", startedAt: new Date(), environment: "{}" });
  const layout = { parts: [{ name: "cls", width }], defaultPart: "cls" };
  for (let start = 0; start < rows; start += rowsOfShard) {
    const part = examples.slice(start, start + rowsOfShard);
    // Numbers that no compression would make smaller.
    const values = Float32Array.from({ length: part.length * width }, (_, index) => Math.sin(start * width + index));
    store.saveRows({ recipe, layout, examples: part, rows: values, madeBy: "bench", run });
  }
}

function readFigures(folder: string, examples: readonly string[]): readonly Figure[] {
  const payload = rows * width * Float32Array.BYTES_PER_ELEMENT;
  const store = openStore(folder);
  try {
    const target = new Float32Array(rows * width);
    const rates = Array.from({ length: repeats }, () => {
      const started = performance.now();
      const reading = store.readRows(recipe, examples, target);
      let step = reading.next();
      while (step.done !== true) step = reading.next();
      if (step.value.length > 0) throw new Error("Rows that were stored are not there.");
      return payload / 1e6 / (performance.now() - started);
    });
    const { fileBytes } = store.statistics();
    const size = `${(payload / 1e6).toFixed(0)} MB of rows in shards of ${String(rowsOfShard)}`;
    const read = `${size}, every row checked; median of ${String(repeats)} (${Math.min(...rates).toFixed(2)}-${Math.max(...rates).toFixed(2)})`;
    return [
      judge({ figure: "store.read_gb_s", value: median(rates), unit: "GB/s", baseline: read }, { atLeast: 1 }),
      judge(
        { figure: "store.size_ratio", value: fileBytes / payload, unit: "ratio", baseline: `the file over ${size}` },
        { atMost: 1.05 },
      ),
    ];
  } finally {
    store.close();
  }
}

interface Finished {
  readonly summary: { readonly tasks: number; readonly computed: number; readonly failed: number };
}

/** One program, run by many processes on one empty store at once. */
async function shareFigures(root: string, scratch: string, say: (text: string) => void): Promise<readonly Figure[]> {
  say(`store: ${String(processes)} processes on one store`);
  const program = join(scratch, "shared.exp");
  writeFileSync(program, manyTrials(3, 40));
  const argv = ["run", program, "--store", join(scratch, "shared"), "--json"];
  const ends = await Promise.all(Array.from({ length: processes }, () => runExp(root, argv)));
  const summaries = ends.flatMap(({ exitCode, stdout }) =>
    exitCode === 0 ? [(JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as Finished).summary] : [],
  );
  const refused = ends.filter(({ exitCode }) => exitCode !== 0);
  const computed = summaries.reduce((sum, summary) => sum + summary.computed, 0);
  const tasks = summaries[0]?.tasks ?? 0;
  const baseline = `${String(processes)} processes started at once, ${String(tasks)} tasks, ${String(computed)} computed in all; first refusal: ${refused[0]?.stderr.trim() ?? "none"}`;
  return [
    judge({ figure: "store.processes.locked", value: refused.length, unit: "processes", baseline }, { exactly: 0 }),
    judge({ figure: "store.processes.twice", value: computed - tasks, unit: "tasks", baseline }, { exactly: 0 }),
  ];
}
