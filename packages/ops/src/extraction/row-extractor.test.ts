import { describe, expect, it } from "vitest";
import type { BackboneModel } from "../artifacts/backbone.ts";
import type { Example } from "../artifacts/examples.ts";
import { buildVitGraph, type VitSizes } from "../backbones/vit-graph.ts";
import { randomVitWeights } from "../backbones/vit-weights.ts";
import type { DatasetReader } from "../datasets/dataset-reader.ts";
import { createGraphBuilder } from "../onnx/graph-builder.ts";
import type { OnnxModel } from "../onnx/onnx-model.ts";
import { multiply } from "../onnx/operators/arithmetic.ts";
import { mean } from "../onnx/operators/reductions.ts";
import { freeDimension, type Dimension } from "../onnx/shapes.ts";
import { writeModel } from "../onnx/write-model.ts";
import { OpError } from "../op-error.ts";
import type { RowExtractor } from "../op.ts";
import { openSession } from "../runtime/session.ts";
import { createRowExtractor } from "./row-extractor.ts";

const side = 16;
const examples = Array.from({ length: 23 }, (_, index) => exampleOf(`image ${String(index)}`));

describe("createRowExtractor", () => {
  it("gives a row the same bits however rows are grouped, on a transformer", async () => {
    const sizes: VitSizes = { imageSize: side, patchSize: 4, width: 48, depth: 3, heads: 3, mlpRatio: 4 };
    const model = buildVitGraph(sizes, randomVitWeights(1, sizes));
    const parts = ["cls_1", "cls_2", "patch_mean"];
    const whole = await extractAll(model, { parts, width: 48, batchSize: 23 }, [examples]);
    expect(whole.rows.length).toBe(23 * 3 * 48);
    expect(new Set(Array.from({ length: 23 }, (_, row) => whole.rows[row * 144])).size).toBe(23);
    for (const batchSize of [2, 3, 7, 16]) {
      expect(await extractAll(model, { parts, width: 48, batchSize }, [examples])).toEqual(whole);
    }
    const singles = examples.map((example) => [example]);
    expect(await extractAll(model, { parts, width: 48, batchSize: 8 }, singles)).toEqual(whole);
  });

  it("computes what the graph says, in the examples' order", async () => {
    const { rows, digests } = await extractAll(channelMeans(freeDimension("batch")), { batchSize: 4 }, [examples]);
    expect(digests).toEqual(examples.map(({ digest }) => digest));
    examples.forEach((example, row) => expect(rows[row * 3]).toBeCloseTo(greyOf(example) / 255, 6));
  });

  it.each([1, 2, 5])("runs a model whose batch is fixed at %i", async (batch) => {
    const free = await extractAll(channelMeans(freeDimension("batch")), { batchSize: 4 }, [examples]);
    expect(await extractAll(channelMeans(batch), { batchSize: 4 }, [examples])).toEqual(free);
  });

  it("answers calls that overlap, each with its own rows", async () => {
    const extractor = await open(channelMeans(freeDimension("batch")), { batchSize: 4 });
    const calls = [examples.slice(0, 9), examples.slice(9, 10), [], examples.slice(10)];
    const results = await Promise.all(calls.map((call) => extractor.extract({ examples: call })));
    await extractor.close();
    expect(results.map(({ digests }) => digests)).toEqual(calls.map((call) => call.map(({ digest }) => digest)));
    for (const [index, call] of calls.entries()) {
      call.forEach((example, row) => expect(results[index]?.rows[row * 3]).toBeCloseTo(greyOf(example) / 255, 6));
    }
  });

  it("gives each view of an image its own row, the same in whatever batch", async () => {
    const recipe = { operations: ["intensity"], seed: 0, stored: true };
    const views = examples.slice(0, 4).flatMap((example) =>
      [0, 1, 2].map((index) => {
        const digest = `${example.digest} ${String(index)}`;
        return { ...example, digest, view: { of: example.digest, index, recipe } };
      }),
    );
    const whole = await extractAll(channelMeans(freeDimension("batch")), { batchSize: 12 }, [views]);
    expect(whole.digests).toEqual(views.map(({ digest }) => digest));
    const brightness = views.map((example, row) => ((whole.rows[row * 3] ?? 0) * 255) / greyOf(example));
    expect(new Set(brightness).size).toBe(12);
    expect(brightness.every((factor) => factor > 0.79 && factor < 1.21)).toBe(true);
    const singles = views.toReversed().map((example) => [example]);
    const apart = await extractAll(channelMeans(freeDimension("batch")), { batchSize: 2 }, singles);
    const rowOf = (rows: Float32Array, row: number): number[] => [...rows.subarray(row * 3, row * 3 + 3)];
    views.forEach((_, row) => expect(rowOf(apart.rows, 11 - row)).toEqual(rowOf(whole.rows, row)));
  });

  it("turns damaged images into failures and goes on with the others", async () => {
    const damaged = [exampleOf("damaged a"), ...examples.slice(0, 3), exampleOf("damaged b"), ...examples.slice(3, 5)];
    const extractor = await open(channelMeans(freeDimension("batch")), { batchSize: 3 });
    const { rows, digests, failures } = await extractor.extract({ examples: damaged });
    const none = await extractor.extract({ examples: [exampleOf("damaged c")] });
    await extractor.close();
    expect(digests).toEqual(examples.slice(0, 5).map(({ digest }) => digest));
    examples.slice(0, 5).forEach((example, row) => expect(rows[row * 3]).toBeCloseTo(greyOf(example) / 255, 6));
    expect(failures).toEqual([
      { exampleId: "damaged a", code: "image-damaged", message: "damaged a is cut short." },
      { exampleId: "damaged b", code: "image-damaged", message: "damaged b is cut short." },
    ]);
    expect(none).toMatchObject({ digests: [], rows: new Float32Array(), failures: [{ exampleId: "damaged c" }] });
  });

  it("makes a row that is not finite its example's failure", async () => {
    const black = exampleOf("black");
    const { digests, failures } = await extractAll(reciprocals(), { batchSize: 4 }, [[...examples.slice(0, 2), black]]);
    expect(digests).toEqual(["image 0 digest", "image 1 digest"]);
    expect(failures).toMatchObject([{ exampleId: "black", code: "features-not-finite" }]);
  });

  it("lets an error that is not about the image pass", async () => {
    const extractor = await open(channelMeans(freeDimension("batch")), { batchSize: 4 });
    await expect(extractor.extract({ examples: [exampleOf("bug")] })).rejects.toThrow("a mistake of ours");
    await extractor.close();
  });

  it("stops between passes when it is told to", async () => {
    const stop = new AbortController();
    const extractor = await open(channelMeans(freeDimension("batch")), { batchSize: 4, signal: stop.signal });
    stop.abort(new Error("stopped"));
    await expect(extractor.extract({ examples })).rejects.toThrow("stopped");
    await extractor.close();
  });
});

interface OpenOptions {
  readonly batchSize: number;
  /** Outputs of the graph, each a part; by default `y` of three. */
  readonly parts?: readonly string[];
  readonly width?: number;
  readonly signal?: AbortSignal;
}

async function open(model: OnnxModel, options: OpenOptions): Promise<RowExtractor> {
  const { parts = ["y"], width = 3, batchSize, signal = new AbortController().signal } = options;
  const bytes = await writeModel(model);
  const backbone: BackboneModel = {
    graph: { kind: "inline", model: bytes },
    preprocessing: {
      input: "pixel_values",
      imageSize: side,
      resizeTo: side,
      resample: "pillow_bilinear",
      fit: "squash",
      mean: [0, 0, 0],
      deviation: [1, 1, 1],
    },
    outputs: parts.map((part) => ({ tensor: part, part, reduce: "none", prefixTokens: 0 })),
    layout: { parts: parts.map((name) => ({ name, width })), defaultPart: parts[0] ?? "" },
    precision: "float32",
  };
  const session = await openSession({ model: { data: bytes, name: null } });
  return createRowExtractor({ backbone, session, reader, batchSize, signal });
}

/** The rows of several calls, joined. */
async function extractAll(model: OnnxModel, options: OpenOptions, calls: readonly (readonly Example[])[]) {
  const extractor = await open(model, options);
  const results = [];
  for (const call of calls) results.push(await extractor.extract({ examples: call }));
  await extractor.close();
  return {
    rows: Float32Array.from(results.flatMap(({ rows }) => [...rows])),
    digests: results.flatMap(({ digests }) => digests),
    failures: results.flatMap(({ failures }) => failures),
  };
}

/** Images of one grey each, which their name gives. */
const reader: DatasetReader = {
  readImage: async (example) => {
    // Images arrive out of order.
    await new Promise((resolve) => setTimeout(resolve, (example.id.length * 7) % 5));
    if (example.id.startsWith("damaged")) throw new OpError("image-damaged", `${example.id} is cut short.`);
    if (example.id === "bug") throw new Error("a mistake of ours");
    return { width: side, height: side, channels: 1, data: new Uint8Array(side * side).fill(greyOf(example)) };
  },
  close: async () => undefined,
};

function exampleOf(id: string): Example {
  return { id, digest: `${id} digest`, locator: id, group: null };
}

function greyOf({ id }: Example): number {
  return id === "black" ? 0 : 10 + 10 * Number(id.split(" ")[1]);
}

/** [batch, 3, side, side] -> [batch, 3] */
function channelMeans(batch: Dimension): OnnxModel {
  const graph = createGraphBuilder();
  const image = graph.input("pixel_values", [batch, 3, side, side]);
  graph.output("y", mean(graph, mean(graph, image, 3), 2));
  return graph.toModel("channel means");
}

/** As `channelMeans`, then 0 · (1 / x): NaN for a black image. */
function reciprocals(): OnnxModel {
  const graph = createGraphBuilder();
  const image = graph.input("pixel_values", [freeDimension("batch"), 3, side, side]);
  const means = mean(graph, mean(graph, image, 3), 2);
  const inverse = graph.node({ operator: "Reciprocal", inputs: [means], shape: means.shape });
  graph.output("y", multiply(graph, inverse, graph.scalar(0)));
  return graph.toModel("reciprocals");
}
