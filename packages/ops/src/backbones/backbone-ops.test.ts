import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NumberSpec } from "@exp-lab/dsl";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BackboneModel } from "../artifacts/backbone.ts";
import { createGraphBuilder, type GraphBuilder, type GraphTensor } from "../onnx/graph-builder.ts";
import { concatenate, reshape, transpose } from "../onnx/operators/layout.ts";
import { mean } from "../onnx/operators/reductions.ts";
import { multiply } from "../onnx/operators/arithmetic.ts";
import { readModel } from "../onnx/read-model.ts";
import { freeDimension, type Shape } from "../onnx/shapes.ts";
import { writeModel } from "../onnx/write-model.ts";
import type { OpContext } from "../op-context.ts";
import type { SingleOp } from "../op.ts";
import { openBackboneSession } from "./backbone-session.ts";
import { backbones } from "./backbones.ts";
import { onnx } from "./onnx.ts";
import { vit } from "./vit.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "backbone-"));
});
afterEach(() => rm(folder, { recursive: true }));

function runOp(op: SingleOp, params: Readonly<Record<string, unknown>>): Promise<BackboneModel> {
  const defaults = Object.entries(op.signature.params).map(([name, spec]) => [
    name,
    "default" in spec ? spec.default : undefined,
  ]);
  const context: OpContext = {
    params: { ...(Object.fromEntries(defaults) as Readonly<Record<string, unknown>>), ...params },
    inputs: {},
    fileDigests: { file: "d1" },
    signal: new AbortController().signal,
    threads: 1,
    device: "cpu",
    pseudonym: (identifier) => identifier,
    progress: () => undefined,
  };
  return op.run(context) as Promise<BackboneModel>;
}

async function save(
  inputShape: Shape,
  build: (graph: GraphBuilder, image: GraphTensor) => void,
): Promise<{ path: string }> {
  const graph = createGraphBuilder();
  build(graph, graph.input("pixels", inputShape));
  const path = join(folder, "net.onnx");
  await writeFile(path, await writeModel(graph.toModel("net")));
  return { path };
}

const batch = freeDimension("batch");

/** A map [batch, 3, 8, 8], tokens [batch, 65, 3] and a vector [batch, 3], each an output where it is given a name. */
const save3 = (
  names: { readonly map?: string; readonly tokens?: string; readonly vector?: string },
  inputShape: Shape = [batch, 3, 8, 8],
) =>
  save(inputShape, (graph, image) => {
    const map = multiply(graph, image, graph.scalar(2));
    const patches = transpose(graph, reshape(graph, map, [inputShape[0] ?? 1, 3, 64]), [0, 2, 1]);
    const tokens = concatenate(
      graph,
      [reshape(graph, mean(graph, patches, 1), [inputShape[0] ?? 1, 1, 3]), patches],
      1,
    );
    const vector = mean(graph, tokens, 1);
    if (names.map !== undefined) graph.output(names.map, map);
    if (names.tokens !== undefined) graph.output(names.tokens, tokens);
    if (names.vector !== undefined) graph.output(names.vector, vector);
  });

describe("onnx", () => {
  it("takes a usual output, the model's image size and the file's digest", async () => {
    const file = await save3({ map: "map", tokens: "last_hidden_state", vector: "logits" });
    expect(await runOp(onnx, { file })).toEqual({
      graph: { kind: "file", digest: "d1", external: [] },
      preprocessing: {
        input: "pixels",
        imageSize: 8,
        resizeTo: 8,
        resample: "pillow_bilinear",
        fit: "squash",
        mean: [0.485, 0.456, 0.406],
        deviation: [0.229, 0.224, 0.225],
      },
      outputs: [
        { tensor: "last_hidden_state", part: "cls_1", reduce: "class-token", prefixTokens: 0 },
        { tensor: "last_hidden_state", part: "patch_mean", reduce: "patch-mean", prefixTokens: 1 },
      ],
      layout: {
        parts: [
          { name: "cls_1", width: 3 },
          { name: "patch_mean", width: 3 },
        ],
        defaultPart: "cls_1",
      },
      precision: "float32",
    });
  });

  it("takes an inner tensor, here the map before the tokens", async () => {
    const file = await save3({ vector: "logits" });
    const { outputs, layout } = await runOp(onnx, { file, features: "Mul:0" });
    expect(outputs).toEqual([{ tensor: "Mul:0", part: "spatial_mean", reduce: "spatial-mean", prefixTokens: 0 }]);
    expect(layout.parts).toEqual([{ name: "spatial_mean", width: 3 }]);
  });

  it("takes a model whose batch is fixed at one, and image sizes that are free", async () => {
    const fixed = await runOp(onnx, { file: await save3({ vector: "v" }, [1, 3, 8, 8]) });
    expect(fixed.layout.parts).toEqual([{ name: "features", width: 3 }]);
    const side = freeDimension("side");
    const free = await save([batch, 3, side, side], (graph, image) => {
      graph.output("v", mean(graph, mean(graph, image, 3), 2));
    });
    expect((await runOp(onnx, { file: free })).preprocessing.imageSize).toBe(224);
    expect((await runOp(onnx, { file: free, image_size: 32, resize_to: 40 })).preprocessing).toMatchObject({
      imageSize: 32,
      resizeTo: 40,
    });
    const { words } = onnx.signature.params["resize_to"] as NumberSpec;
    for (const [imageSize, resizeTo] of [
      [224, 256],
      [448, 512],
      [64, 73],
    ] as const) {
      const params = { file: free, image_size: imageSize, resize_to: words?.["eight_sevenths"] };
      expect((await runOp(onnx, params)).preprocessing).toMatchObject({ imageSize, resizeTo });
    }
  });

  it("names and digests weights in files beside the model", async () => {
    const file = await save3({ vector: "v" });
    const model = await readModel(await readFile(file.path), "net.onnx");
    const initializer = model.graph.initializer?.map((tensor) => {
      if (tensor.name !== "float:2") return tensor;
      return { name: "float:2", dataType: 1, dataLocation: 1, externalData: [{ key: "location", value: "two.bin" }] };
    });
    await writeFile(
      file.path,
      await writeModel({ ...model, graph: { ...model.graph, initializer: initializer ?? [] } }),
    );
    await writeFile(join(folder, "two.bin"), Float32Array.of(2));
    expect(await onnx.sourceFiles?.({ file })).toEqual([{ name: "two.bin", path: join(folder, "two.bin") }]);
    // sha256sum of the four bytes 00 00 00 40.
    const digest = "d88c86f15bbea365d658ad95a81d45367c465f7af6f7264fb077f01747ddc77d";
    expect((await runOp(onnx, { file })).graph).toMatchObject({ external: [{ location: "two.bin", digest }] });
  });

  it.each<[string, Readonly<Record<string, unknown>>, string, string]>([
    ["an output that is not there", { features: "fetures" }, "onnx-no-such-output", 'Did you mean "features"?'],
    ["an input that is not there", { input: "image" }, "onnx-no-such-input", '"image"'],
    ["an image size that the model does not take", { image_size: 16 }, "onnx-image-size", "8 x 8"],
    ["a crop larger than the image", { resize_to: 4 }, "resize-too-small", "resize_to is 4"],
    ["a deviation of zero", { deviation: [1, 0, 1] }, "deviation-not-positive", "0"],
    ["a reduction of other axes", { reduce: "spatial_mean" }, "reduce-rank", "[2, 3]"],
  ])("refuses %s", async (_, params, code, words) => {
    const running = runOp(onnx, { file: await save3({ vector: "features" }), ...params });
    await expect(running).rejects.toMatchObject({ code });
    await expect(running).rejects.toThrow(words);
  });

  it("refuses a tensor whose first axis is not the images", async () => {
    const file = await save([batch, 3, 8, 8], (graph, image) => {
      const patches = reshape(graph, image, [batch, 3, 64]);
      graph.output("tokens_first", transpose(graph, patches, [2, 0, 1]));
    });
    const running = runOp(onnx, { file });
    await expect(running).rejects.toMatchObject({ code: "batch-not-first" });
    await expect(running).rejects.toThrow("[64, 2, 3]");
  });

  it("refuses outputs among which it would have to guess, lists them, and refuses files that are none", async () => {
    const guessing = runOp(onnx, { file: await save3({ map: "a", vector: "b" }) });
    await expect(guessing).rejects.toMatchObject({ code: "onnx-output-unclear" });
    await expect(guessing).rejects.toThrow("a, b");
    const missing = runOp(onnx, { file: { path: join(folder, "lost.onnx") } });
    await expect(missing).rejects.toMatchObject({ code: "file-missing" });
    const wrongChannels = runOp(onnx, {
      file: await save([batch, 8, 8, 3], (graph, image) => graph.output("v", mean(graph, image, 1))),
    });
    await expect(wrongChannels).rejects.toMatchObject({ code: "onnx-input-shape" });
  });
});

describe("vit", () => {
  const small = {
    image_size: 16,
    patch_size: 8,
    width: 12,
    depth: 6,
    heads: 3,
    weights: { weights: "random", seed: 5 },
  };

  it("makes a graph that runs, with the same bytes for the same seed only", async () => {
    const backbone = await runOp(vit, small);
    expect(backbone.layout).toEqual({
      parts: ["cls_1", "cls_2", "cls_3", "cls_4", "cls_5", "patch_mean"].map((name) => ({ name, width: 12 })),
      defaultPart: "cls_1",
    });
    expect(await runOp(vit, small)).toEqual(backbone);
    const other = await runOp(vit, { ...small, weights: { weights: "random", seed: 6 } });
    expect(other.graph).not.toEqual(backbone.graph);

    if (backbone.graph.kind !== "inline") throw new Error("not inline");
    const session = await openBackboneSession({
      source: { data: backbone.graph.model, name: null },
      tensors: ["cls_1"],
      threads: 1,
    });
    const pixels = { data: new Float32Array(2 * 3 * 16 * 16).fill(0.5), dims: [2, 3, 16, 16] };
    const row = (await session.run({ pixel_values: pixels }, ["cls_1"])).get("cls_1");
    await session.close();
    expect(row?.dims).toEqual([2, 12]);
    // After a fresh norm every class token has mean 0 and deviation 1.
    const first = [...(row?.data.subarray(0, 12) ?? [])];
    expect(first.reduce((sum, value) => sum + value, 0) / 12).toBeCloseTo(0, 4);
    expect(first.reduce((sum, value) => sum + value ** 2, 0) / 12).toBeCloseTo(1, 2);
  });

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ["an image that patches do not tile", { image_size: 20 }, "image-size-not-patches"],
    ["a width that heads cannot share", { heads: 5 }, "width-not-heads"],
    [
      "weights that are not here",
      { weights: { weights: "hf", repository: "a/b", file: null, revision: null } },
      "weights-absent",
    ],
  ])("refuses %s", async (_, params, code) => {
    await expect(runOp(vit, { ...small, ...params })).rejects.toMatchObject({ code });
  });
});

it("every constructor declares a backbone, or the features that one would give", () => {
  for (const { signature } of backbones) {
    expect(signature.role).toBe("backbone");
    expect(["backbone", "features"]).toContain(signature.output);
  }
});
