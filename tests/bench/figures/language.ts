import { compile } from "@exp-lab/dsl";
import { builtinOps } from "@exp-lab/ops";
import { judge, median, type FigureGroup } from "../figure.ts";

const warmUps = 10;
const repeats = 15;

/** Parsing, checking and expanding a program of 2,000 lines, warm, in process. */
export const languageFigures: FigureGroup = {
  name: "language",
  measure: () => {
    const text = programOfLines(2000);
    const milliseconds: number[] = [];
    for (let repeat = 0; repeat < warmUps + repeats; repeat += 1) {
      const started = performance.now();
      const { graph, diagnostics } = compile({
        entry: "long.exp",
        readSource: (path) => (path === "long.exp" ? text : null),
        signatures: builtinOps.map((op) => op.signature),
        environment: {},
        settings: {},
      });
      if (graph === null) throw new Error(`The long program is wrong: ${diagnostics[0]?.message ?? ""}`);
      if (repeat >= warmUps) milliseconds.push(performance.now() - started);
    }
    const lines = text.split("\n").length - 1;
    const baseline = `${String(lines)} lines, parse to task graph; median of ${String(repeats)} after ${String(warmUps)} warm-ups`;
    const measured = { figure: "language.check2k_ms", value: median(milliseconds), unit: "ms", baseline };
    return Promise.resolve([judge(measured, { atMost: 150 })]);
  },
};

/** A program of a real shape: some data sets and many derived backbones, heads, sweeps and tables. */
function programOfLines(lines: number): string {
  const head = `exp 1
dataset a = phantoms { seed: 1 }
dataset b = phantoms { seed: 2 }
backbone base = vit { weights: random(1), image_size: 64, patch_size: 8 }
`;
  const block = (index: number): string => `
// The ${String(index)}th comparison.
backbone fine_${String(index)} = base {
  weights: random(${String(index)})
  patch_size: 16
}
head near_${String(index)} = knn {
  k: ${String(1 + (index % 40))}
}
head linear_${String(index)} = logistic {
  c: ${String(1 + index)}e-3
}
sweep compare_${String(index)} {
  dataset: [a, b]
  backbone: [base, fine_${String(index)}]
  head: [near_${String(index)}, linear_${String(index)}]
}
table "Comparison ${String(index)}" {
  from: compare_${String(index)}
  rows: backbone, head
  columns: dataset
  cells: test.auroc, test.accuracy
}
`;
  let text = head;
  for (let index = 0; text.split("\n").length <= lines; index += 1) text += block(index);
  return text;
}
