import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { contextFor, createFolder, writeGreyPng } from "../../../../tests/ops/dataset-testing.ts";
import type { DatasetIndex } from "../artifacts/dataset.ts";
import { csv } from "./csv.ts";
import { inspectDataset, type InspectOptions } from "./inspect-dataset.ts";
import type { DatasetInspection } from "./inspection.ts";
import { phantoms } from "./phantoms.ts";

let root: string;
beforeEach(async () => {
  root = await createFolder();
});
afterEach(async () => {
  await rm(root, { recursive: true });
});

const quietly: InspectOptions = { signal: new AbortController().signal, progress: () => undefined };

describe("inspectDataset", () => {
  beforeEach(async () => {
    for (const [index, name] of ["a", "b", "c", "d"].entries()) {
      await writeGreyPng(join(root, `${name}.png`), { width: 4 + index, height: 5, value: 10 * index });
    }
  });

  it("counts positives, negatives and unknown labels, patients and bags per split", async () => {
    const inspection = await inspectCsv([
      "path,mass,cyst,split,patient,scan",
      ...[
        "a.png,1,-1,train,annabel,s1",
        "b.png,1,-1,train,annabel,s1",
        "c.png,0,1,test,robert,s2",
        "d.png,0,0,test,cemile,s3",
      ],
    ]);
    expect(inspection).toMatchObject({
      problem: "multi-label",
      images: { train: 2, val: 0, test: 2, all: 4 },
      classes: [
        { name: "mass", positives: { train: 2, test: 0 }, negatives: { train: 0, test: 2 }, unknown: { all: 0 } },
        { name: "cyst", positives: { train: 0, test: 1 }, negatives: { train: 0, test: 1 }, unknown: { train: 2 } },
      ],
      patients: { train: 1, val: 0, test: 2, all: 3 },
      bags: { train: 1, val: 0, test: 2, all: 3 },
      lacking: [
        { split: "train", name: "mass", lacks: "negatives" },
        { split: "train", name: "cyst", lacks: "positives" },
        { split: "train", name: "cyst", lacks: "negatives" },
        { split: "test", name: "mass", lacks: "positives" },
      ],
      sizes: {
        smallest: { width: 4, height: 5 },
        largest: { width: 7, height: 5 },
        pixels: [{ channels: 1, bits: 8, images: 4 }],
      },
      ...{ leaks: [], bagFaults: [], dropped: [], identical: [], missing: [], unreadable: [], published: null },
    });
  });

  it("names no patient and no bag, and keeps what is missing its patient's", async () => {
    const inspection = await inspectCsv([
      "path,mass,cyst,split,patient,scan",
      ...[
        "a.png,1,0,train,annabel,s1",
        "gone.png,1,0,test,annabel,s2",
        "none.png,0,1,test,robert,s3",
        "b.png,0,1,train,cemile,s1",
      ],
    ]);
    expect(inspection.missing.map(({ id, split }) => [id, split])).toEqual([
      ["gone.png", "test"],
      ["none.png", "test"],
    ]);
    // Two that could not be read are not thought to be one image.
    expect(inspection.identical).toEqual([]);
    expect(inspection.leaks).toMatchObject([{ kind: "patient", earlier: "train", later: "test", shared: 1 }]);
    expect(inspection.bagFaults.map(({ kind }) => kind)).toEqual(["labels", "patients"]);
    expect(JSON.stringify(inspection)).not.toMatch(/annabel|robert|cemile|"s[123]"/);
  });

  it("lists what the op indexes, digests aside", async () => {
    const params = await csvParams([
      "path,mass,cyst,split,patient,scan",
      "a.png,1,0,train,annabel,s1",
      "b.png,0,1,val,robert,s2",
    ]);
    const index = (await csv.op.run(contextFor(params))) as DatasetIndex;
    const inspection = await inspectDataset("csv", params, quietly);
    expect(inspection.images.all).toBe(index.examples.length);
    expect(inspection.classes.map(({ name }) => name)).toEqual(index.classNames);
  });

  it("says how far it is, and stops when it is told to", async () => {
    const params = { ...defaultsOf(phantoms.signature.params), train: 100, val: 20, test: 30, size: 16 };
    const steps = new Set<string>();
    await inspectDataset("phantoms", params, {
      ...quietly,
      progress: (step, _, total) => steps.add(`${step} ${total}`),
    });
    expect([...steps]).toEqual(["listing 150", "reading 150"]);
    const abort = new AbortController();
    const progress: InspectOptions["progress"] = (step) => {
      if (step === "reading") abort.abort();
    };
    await expect(inspectDataset("phantoms", params, { signal: abort.signal, progress })).rejects.toThrow(/abort/);
  });
});

async function inspectCsv(lines: readonly string[]): Promise<DatasetInspection> {
  return inspectDataset("csv", await csvParams(lines), quietly);
}

async function csvParams(lines: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
  const path = join(root, "list.csv");
  await writeFile(path, lines.join("\n"));
  const columns = { path: "path", labels: ["mass", "cyst"], split: "split", group: "patient", bag: "scan" };
  return { ...defaultsOf(csv.op.signature.params), ...columns, file: { path }, uncertain: "ignore" };
}

/** The parameters that a program leaves to their defaults, as the language fills them in. */
function defaultsOf(specs: Readonly<Record<string, object>>): Readonly<Record<string, unknown>> {
  const defaults = Object.entries(specs).flatMap(([name, spec]) =>
    "default" in spec ? [[name, spec.default] as const] : [],
  );
  return Object.fromEntries(defaults);
}
