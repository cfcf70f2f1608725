import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NpyArray } from "../../packages/ops/src/arrays/encode-npz.ts";
import type { DatasetIndex } from "../../packages/ops/src/artifacts/dataset.ts";
import type { ExampleSet, ProblemKind } from "../../packages/ops/src/artifacts/examples.ts";
import type { KindName, ArtifactKinds } from "../../packages/ops/src/artifacts/kinds.ts";
import type { SingleOp } from "../../packages/ops/src/op.ts";
import { runSingleOp } from "./run-single-op.ts";

export type Arrays = Readonly<Record<string, NpyArray>>;

/** Three training and three test examples, and a folder for files of rows. */
export interface OwnBench<Kind extends KindName> {
  readonly folder: string;
  readonly dataset: DatasetIndex;
  /** The test split. */
  readonly examples: ExampleSet;
  /** All ids and digests of the data set, in its order. */
  readonly ids: readonly string[];
  readonly digests: readonly string[];
  /** Writes an archive and runs the op on it. */
  bring(
    arrays: Arrays,
    params?: Readonly<Record<string, unknown>>,
    examples?: ExampleSet,
  ): Promise<ArtifactKinds[Kind]>;
  close(): void;
}

export interface OwnBenchOptions<Kind extends KindName> {
  readonly op: SingleOp;
  readonly output: Kind;
  readonly encode: (arrays: Arrays) => Uint8Array;
  readonly problem?: ProblemKind;
  readonly classNames?: readonly string[];
  /** What the op is told of the data set in place of what it is. */
  readonly change?: (dataset: DatasetIndex) => DatasetIndex;
}

export function createOwnBench<Kind extends KindName>({
  op,
  output,
  encode,
  problem = "binary",
  classNames = ["no", "yes"],
  change = (dataset) => dataset,
}: OwnBenchOptions<Kind>): OwnBench<Kind> {
  const folder = mkdtempSync(join(tmpdir(), "own-rows-"));
  const width = problem === "multi-label" ? classNames.length : 1;
  const all = ["a", "b", "c", "d", "e", "f"].map((name, row) => ({
    id: `${name}.png`,
    digest: String(row).repeat(64),
    locator: name,
    group: null,
  }));
  const labels = { width, values: Int32Array.from({ length: 6 * width }, (_, at) => at % 2) };
  const dataset: DatasetIndex = {
    problem,
    classNames,
    examples: all,
    labels,
    splits: ["train", "test", "train", "test", "train", "test"],
  };
  const rows = [1, 3, 5];
  const examples: ExampleSet = {
    problem,
    classNames,
    examples: rows.map((row) => all[row]!),
    labels: {
      width,
      values: Int32Array.from(rows.flatMap((row) => [...labels.values.subarray(row * width, (row + 1) * width)])),
    },
    notes: ["A note of the examples."],
  };
  const known: SingleOp = { ...op, run: (context) => op.run({ ...context, fileDigests: { file: "f00d".repeat(16) } }) };
  return {
    folder,
    dataset,
    examples,
    ids: all.map(({ id }) => id),
    digests: all.map(({ digest }) => digest),
    bring: async (arrays, params = {}, asked = examples) => {
      const path = join(folder, "rows.npz");
      writeFileSync(path, encode(arrays));
      return runSingleOp(known, output, {
        params: { file: { path }, ...params },
        inputs: { examples: asked, dataset: change(dataset) },
      });
    },
    close: () => {
      rmSync(folder, { recursive: true });
    },
  };
}
