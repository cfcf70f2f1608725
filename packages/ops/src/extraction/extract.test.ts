import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { expect, it } from "vitest";
import type { BackboneModel } from "../artifacts/backbone.ts";
import type { DatasetIndex } from "../artifacts/dataset.ts";
import { onnx } from "../backbones/onnx.ts";
import { imageFolder } from "../datasets/image-folder.ts";
import { createGraphBuilder } from "../onnx/graph-builder.ts";
import { mean } from "../onnx/operators/reductions.ts";
import { freeDimension } from "../onnx/shapes.ts";
import { writeModel } from "../onnx/write-model.ts";
import type { InputValue, OpContext } from "../op-context.ts";
import type { Op } from "../op.ts";
import { extract } from "./extract.ts";

it("takes a network's file and a data set's images from where their ops found them", async () => {
  const root = await mkdtemp(join(tmpdir(), "extract-"));
  await writeImages(root);
  const file = { path: join(root, "means.onnx") };
  await writeFile(file.path, await writeModel(channelMeans()));

  const backboneParams = paramsOf(onnx, { file, mean: [0, 0, 0], deviation: [1, 1, 1] });
  const datasetParams = paramsOf(imageFolder.op, { root: { path: join(root, "images") } });
  const backbone = (await onnx.run(contextOf(backboneParams, {}))) as BackboneModel;
  const index = (await imageFolder.op.run(contextOf(datasetParams, {}))) as DatasetIndex;
  const { problem, classNames, labels, examples } = index;
  const extractor = await extract.open(
    contextOf(paramsOf(extract, { batch_size: 2 }), {
      backbone: { kind: "backbone", value: backbone, origin: { op: "onnx", params: backboneParams } },
      examples: {
        kind: "examples",
        value: { problem, classNames, labels, examples, notes: [] },
        origin: { op: "split", params: {} },
      },
      images: { kind: "dataset", value: index, origin: { op: "image_folder", params: datasetParams } },
    }),
  );
  const { rows, digests, failures } = await extractor.extract({ examples });
  await extractor.close();
  await rm(root, { recursive: true });

  expect(extractor).toMatchObject({ batchSize: 2, layout: { parts: [{ name: "features", width: 3 }] } });
  expect(failures).toEqual([]);
  expect(digests).toEqual(examples.map(({ digest }) => digest));
  const expected = examples.map(({ id }) => colours[id]);
  expect([...rows].map((value) => Math.round(value * 255))).toEqual(expected.flat());
});

const colours: Readonly<Record<string, readonly [number, number, number]>> = {
  "train/a/one.png": [10, 20, 30],
  "train/b/two.png": [200, 100, 0],
  "test/a/three.png": [1, 2, 3],
  "test/b/four.png": [255, 128, 64],
  "test/b/five.png": [7, 77, 177],
};

async function writeImages(root: string): Promise<void> {
  for (const [name, [r, g, b]] of Object.entries(colours)) {
    const path = join(root, "images", name);
    await mkdir(join(path, ".."), { recursive: true });
    await writeFile(
      path,
      await sharp({ create: { width: 9, height: 7, channels: 3, background: { r, g, b } } })
        .png()
        .toBuffer(),
    );
  }
}

function channelMeans() {
  const graph = createGraphBuilder();
  const image = graph.input("image", [freeDimension("batch"), 3, 8, 8]);
  graph.output("means", mean(graph, mean(graph, image, 3), 2));
  return graph.toModel("channel means");
}

function paramsOf(op: Op, params: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const defaults = Object.entries(op.signature.params).map(([name, spec]): readonly [string, unknown] => [
    name,
    "default" in spec ? spec.default : undefined,
  ]);
  return { ...Object.fromEntries<unknown>(defaults), ...params };
}

function contextOf(params: OpContext["params"], inputs: Readonly<Record<string, InputValue>>): OpContext {
  return {
    params,
    inputs,
    fileDigests: { file: "d1" },
    signal: new AbortController().signal,
    threads: 1,
    device: "cpu",
    pseudonym: (identifier) => identifier,
    progress: () => undefined,
  };
}
