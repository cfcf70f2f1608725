import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { contextFor } from "../../../../tests/ops/dataset-testing.ts";
import type { DatasetIndex } from "../artifacts/dataset.ts";
import { builtinOps } from "../builtin-ops.ts";
import { datasets, openDatasetReader } from "./dataset-readers.ts";
import { phantoms } from "./phantoms.ts";

describe("datasets", () => {
  it("lists every data set of this folder", () => {
    const sources = readdirSync(new URL(".", import.meta.url)).filter((name) => /(?<!\.test)\.ts$/.test(name));
    const withOp = sources.filter((name) =>
      /: (SingleOp = \{|DatasetFormat = (file|sliced)Dataset\()/.test(
        readFileSync(new URL(name, import.meta.url), "utf8"),
      ),
    );
    const files = datasets.map(({ signature }) => `${signature.name.replaceAll("_", "-")}.ts`);
    expect(files).toEqual(withOp.sort());
  });
});

describe("a data set's own parameters", () => {
  // A declaration sets both, and a preset knows them by their names alone. What `split` is asked for, no program writes.
  const companions = builtinOps.filter(({ signature: { use, role } }) => use === "companion" && role === "dataset");
  const taken = companions.flatMap(({ signature }) => Object.keys(signature.params)).filter((name) => name !== "split");

  it.each(datasets.map(({ signature }) => signature))(
    "of $name are called otherwise than those of all",
    ({ params }) => {
      expect(taken).toContain("views");
      expect(Object.keys(params).filter((name) => taken.includes(name))).toEqual([]);
    },
  );
});

describe("openDatasetReader", () => {
  it("opens the images of the op that made an index", async () => {
    const params = { train: 2, val: 0, test: 0, size: 16, contrast: 80, noise: 10, variation: 1, seed: 0 };
    const index = (await phantoms.run(contextFor(params))) as DatasetIndex;
    const reader = await openDatasetReader({ op: "phantoms", params });
    expect((await reader.readImage(index.examples[0]!)).width).toBe(16);
    await reader.close();
  });

  it("knows no images of other ops", async () => {
    await expect(openDatasetReader({ op: "knn", params: {} })).rejects.toThrow("No reader for the images of knn.");
  });
});
