import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { zipSync } from "fflate";
import type { DatasetIndex } from "../../../packages/ops/src/artifacts/dataset.ts";
import type { ExampleSet } from "../../../packages/ops/src/artifacts/examples.ts";
import { npyBytes } from "../npy-testing.ts";
import { given } from "./given.ts";
import type { OpCase, OpCases } from "./lock-op.ts";

/** What is asked of the ops that read a user's own features and predictions. */
export async function writeOwnCases(folder: string): Promise<Readonly<Record<string, OpCases>>> {
  const path = join(folder, "own.npz");
  await writeFile(
    path,
    zipSync({
      "ids.npy": npyBytes("|S1", [4], new TextEncoder().encode("dcba")),
      "features.npy": npyBytes("<f8", [4, 2], doubles(8, 7, 6, 5, 4, 3, 2, 1)),
      "more.npy": npyBytes("<f8", [4, 1], doubles(-0.5, 0.25, 0.1, 12)),
      "scores.npy": npyBytes("<f8", [4, 2], doubles(0.5, 0.5, 0.25, 0.75, 1, 0, 0, 1)),
      "logits.npy": npyBytes("<f8", [4], doubles(-3, 0, 1.5, 700)),
    }),
  );
  const ask = (params: OpCase["params"]): OpCase => ({
    params: { file: { path }, ...params },
    inputs: { examples: given("examples", examples), dataset: given("dataset", dataset) },
    fileDigests: { file: "0123456789abcdef".repeat(4) },
  });
  return {
    features: { "by id": ask({}), "two parts": ask({ parts: ["more", "features"] }) },
    predictions: {
      probabilities: ask({}),
      logits: { ...ask({ scores: ["logits"], logits: true }), isNear: true },
    },
  };
}

const dataset: DatasetIndex = {
  problem: "binary",
  classNames: ["well", "ill"],
  examples: ["a", "b", "c", "d"].map((id) => ({ id, digest: `digest ${id}`, locator: id, group: null })),
  labels: { width: 1, values: Int32Array.of(0, 1, 1, 0) },
  splits: ["train", "test", "test", "train"],
};

const examples: ExampleSet = {
  ...{ problem: dataset.problem, classNames: dataset.classNames },
  examples: dataset.examples.slice(1, 3),
  labels: { width: 1, values: Int32Array.of(1, 1) },
  notes: [],
};

function doubles(...values: readonly number[]): Uint8Array {
  return new Uint8Array(Float64Array.from(values).buffer);
}
