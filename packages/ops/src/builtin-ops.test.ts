import { readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import {
  compareWithLock,
  renewLock,
  sorted,
  type AnswersLock,
  type Json,
} from "../../../tests/ops/answers/answers-lock.ts";
import { folderParams, writeBackboneCases } from "../../../tests/ops/answers/backbone-cases.ts";
import { writeDatasetCases } from "../../../tests/ops/answers/dataset-cases.ts";
import { headCases } from "../../../tests/ops/answers/head-cases.ts";
import { lockOp, type AnswerCodecs, type OpCases } from "../../../tests/ops/answers/lock-op.ts";
import { metricCases } from "../../../tests/ops/answers/metric-cases.ts";
import { writeOwnCases } from "../../../tests/ops/answers/own-cases.ts";
import { writePublishedCases, type PublishedTensors } from "../../../tests/ops/answers/published-cases.ts";
import { statisticsCases } from "../../../tests/ops/answers/statistics-cases.ts";
import { contextFor, createFolder } from "../../../tests/ops/dataset-testing.ts";
import { readPublishedFiles, tensorsOf } from "../../../tests/ops/reference/published_sizes-fixture.ts";
import { codecOf } from "./artifacts/codecs.ts";
import type { DatasetIndex } from "./artifacts/dataset.ts";
import { decodeDocument, encodeDocument } from "./artifacts/document-codec.ts";
import { weightsAskedBy } from "./backbones/networks/asked-weights.ts";
import { publishedCnns } from "./backbones/networks/published-cnns.ts";
import { publishedBackbones } from "./backbones/published/published-backbones.ts";
import { builtinOps } from "./builtin-ops.ts";
import { imageFolder } from "./datasets/image-folder.ts";
import { metrics } from "./metrics/metrics.ts";
import { createGraphBuilder } from "./onnx/graph-builder.ts";
import { multiply } from "./onnx/operators/arithmetic.ts";
import { mean } from "./onnx/operators/reductions.ts";
import { freeDimension } from "./onnx/shapes.ts";
import { writeModel } from "./onnx/write-model.ts";

const lockFile = fileURLToPath(new URL("../../../tests/ops/answers.lock.json", import.meta.url));

it("gives no other answer than its version gave before", async () => {
  const found = await lockAll();
  const locked = await readLock();
  const held = process.env["UPDATE"] === "1" ? renewLock(found, locked) : locked;
  if (held !== locked) await writeFile(lockFile, `${JSON.stringify(sorted(held as unknown as Json), null, 2)}\n`);
  expect(compareWithLock(found, held)).toEqual([]);
});

async function readLock(): Promise<AnswersLock> {
  return JSON.parse(await readFile(lockFile, "utf8")) as AnswersLock;
}

/** Every op of the build, asked all that is asked of it. */
async function lockAll(): Promise<AnswersLock> {
  const folder = await createFolder();
  try {
    const cases: Readonly<Record<string, OpCases>> = {
      ...(await writeDatasetCases(folder)),
      ...(await writeBackboneCases({ folder, network: await writeModel(weightedMeans()), indexImages })),
      ...(await writePublishedCases(folder, publishedTensors())),
      ...(await writeOwnCases(folder)),
      ...headCases,
      ...statisticsCases,
      ...Object.fromEntries(metrics.map(({ signature: { name } }) => [name, metricCases(name)])),
    };
    const unasked = builtinOps.map(({ signature: { name } }) => name).filter((name) => cases[name] === undefined);
    expect(unasked, "Nothing asks these ops anything: give each a case in tests/ops/answers").toEqual([]);
    const locked = await Promise.all(
      builtinOps.map(
        async (op) => [op.signature.name, await lockOp(op, cases[op.signature.name] ?? {}, codecs)] as const,
      ),
    );
    return Object.fromEntries(locked);
  } finally {
    await rm(folder, { recursive: true });
  }
}

const codecs: AnswerCodecs = {
  encode: (kind, value) => codecOf(kind).encode(value),
  decodeDocument,
  encodeDocument,
};

/** Of transformers what their publishers' files hold, of the others (whose names are torchvision's) what their graphs ask for. */
function publishedTensors(): readonly PublishedTensors[] {
  const files = readPublishedFiles();
  return publishedBackbones.map(({ name }) => {
    const file = files.find((each) => each.name === name);
    const tensors =
      file === undefined ? askedByCnn(name) : [...tensorsOf(file)].map(([key, { shape }]) => [key, shape] as const);
    return { name, tensors };
  });
}

function askedByCnn(name: string): PublishedTensors["tensors"] {
  const asked = weightsAskedBy((graph, weights) => {
    publishedCnns.get(name)!.build(graph, graph.input("image", [1, 3, 224, 224]), weights);
  });
  return asked.map((weight) => [weight.name, weight.shape]);
}

async function indexImages(root: string): Promise<DatasetIndex> {
  return (await imageFolder.op.run(contextFor(folderParams(root)))) as DatasetIndex;
}

/** A weighted mean of each channel, in which every place counts differently: a turned or shifted image gives other numbers. */
function weightedMeans() {
  const graph = createGraphBuilder();
  const image = graph.input("image", [freeDimension("batch"), 3, 8, 8]);
  const places = graph.weight(
    "places",
    Float32Array.from({ length: 64 }, (_, place) => place / 32),
    [8, 8],
  );
  graph.output("features", mean(graph, mean(graph, multiply(graph, image, places), 3), 2));
  return graph.toModel("weighted means");
}
