import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BenchContext } from "../figure.ts";
import { runJson } from "../run-exp.ts";

export interface EndToEnd {
  /** A data set as `writeRealImages` makes it, of more than `fewPasses` images. */
  readonly folder: string;
  /** In the language, e.g. `onnx { file: ".." }`. */
  readonly backbone: string;
  /** Of files in the scratch folder; another one each time, or nothing would be computed. */
  readonly name: string;
}

/** The extraction over the small split has fewer. */
const fewPasses = 100;

/** Seconds per image of the extraction task over the large split, as the run itself reports it; the model is loaded in it. */
export async function endToEnd(context: BenchContext, { folder, backbone, name }: EndToEnd): Promise<number> {
  const program = join(context.scratch, `${name}.exp`);
  const store = join(context.scratch, `${name}-store`);
  writeFileSync(program, oneBackbone(folder, backbone));
  const events = await runJson(context.root, [program, "--store", store]);
  const extraction = events.find(
    ({ event, op, forwardPasses: passes = 0 }) => event === "task.finished" && op === "extract" && passes > fewPasses,
  );
  return (extraction?.seconds ?? Number.NaN) / (extraction?.forwardPasses ?? 1);
}

function oneBackbone(folder: string, backbone: string): string {
  return `exp 1
dataset scans = image_folder { root: "${folder}" }
backbone real = ${backbone}
head near = knn { k: 1 }
sweep all { dataset: scans  backbone: real  head: near }
table "One" { from: all  rows: head  cells: test.accuracy }
`;
}
