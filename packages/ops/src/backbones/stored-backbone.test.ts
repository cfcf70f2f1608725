import { existsSync } from "node:fs";
import { mkdir, mkdtemp, open, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hashedValues, hashedWeight } from "../../../../tests/ops/reference/hashed-weights.ts";
import { encodeSafetensors } from "../arrays/safetensors.ts";
import { backboneCodec, type BackboneModel } from "../artifacts/backbone.ts";
import type { OpContext } from "../op-context.ts";
import { openSession, type ModelSource } from "../runtime/session.ts";
import { weightsAskedBy } from "./networks/asked-weights.ts";
import { buildVisionTransformer } from "./networks/transformer/vision-transformer.ts";
import { loadStoredGraph } from "./stored-backbone.ts";
import { buildVitGraph, plainVit } from "./vit-graph.ts";
import { vit } from "./vit.ts";
import { writeModel } from "../onnx/write-model.ts";

const small = { imageSize: 16, patchSize: 8, width: 12, depth: 3, heads: 3, mlpRatio: 4 };
const params = { image_size: 16, patch_size: 8, width: 12, depth: 3, heads: 3 };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "stored-backbone-"));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** What a checkpoint of the small network holds, by timm's names. */
const tensors = new Map(
  weightsAskedBy((graph, all) => {
    const image = graph.input("image", [1, 3, 16, 16]);
    const has = (name: string): boolean => !/^norm_pre|\.ls[12]|^projection|bias_mask/.test(name);
    buildVisionTransformer(graph, image, { weights: { ...all, has }, sizes: plainVit(small) });
  }).map(({ name, shape }) => [name, { shape, data: hashedWeight(name, shape) }] as const),
);

type Tensors = ReadonlyMap<string, { readonly shape: readonly number[]; readonly data: Float32Array }>;

async function save(name: string, held: Tensors): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, encodeSafetensors({ tensors: held, metadata: {} }));
  return path;
}

function prefixed(prefix: string, held: Tensors = tensors): Tensors {
  return new Map([...held].map(([name, tensor]) => [`${prefix}${name}`, tensor]));
}

describe("a vit over weights in a file", () => {
  it("has the very bits of one that holds them, read from where they lie", async () => {
    const path = await save("whole.safetensors", tensors);
    const backbone = await run(path);
    expect(backbone.graph).toMatchObject({ kind: "weights", digests: ["d1"] });
    expect(backboneCodec.decode(backboneCodec.encode(backbone))).toEqual(backbone);
    // Of the weights it holds where they lie, not what they are, and no path of this machine.
    const bytes = Buffer.from(backboneCodec.encode(backbone));
    expect(bytes.length).toBeLessThan(20_000);
    expect(bytes.includes(folder)).toBe(false);

    const own = { data: await writeModel(buildVitGraph(small, hashedWeight)), name: null };
    expect(await rowsOf(await place(backbone, path))).toEqual(await rowsOf(own));
  });

  it.each(["module.", "model.", "teacher.backbone.", "state_dict.module.encoder."])(
    "finds the names under the prefix %s",
    async (prefix) => {
      const path = await save(`under-${prefix}safetensors`, prefixed(prefix));
      const plain = await save("plain.safetensors", tensors);
      expect(await rowsOf(await place(await run(path), path))).toEqual(
        await rowsOf(await place(await run(plain), plain)),
      );
    },
  );

  it("reads shards in several files through their index", async () => {
    const shards = join(folder, "shards");
    await mkdir(shards);
    const all = [...tensors];
    const parts = [all.slice(0, 20), all.slice(20)];
    const names = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];
    for (const [index, part] of parts.entries()) await save(join("shards", names[index]!), new Map(part));
    const map = Object.fromEntries(parts.flatMap((part, index) => part.map(([name]) => [name, names[index]!])));
    const path = join(shards, "model.safetensors.index.json");
    await writeFile(path, JSON.stringify({ metadata: {}, weight_map: map }));
    const backbone = await run(path);
    if (backbone.graph.kind !== "weights") throw new Error("not over weights");
    expect(backbone.graph.digests).toHaveLength(2);
    const plain = await save("plain.safetensors", tensors);
    expect(await rowsOf(await place(backbone, path))).toEqual(await rowsOf(await place(await run(plain), plain)));
  });

  it.each<[string, Tensors, Readonly<Record<string, unknown>>, string, string]>([
    ["a weight that is missing", without("blocks.2.norm2.bias"), {}, "weights-missing", '"blocks.2.norm2.bias"'],
    ["sizes that are not the file's", tensors, { width: 24 }, "weights-shape", "[12, 3, 8, 8]"],
    ["blocks that would be left out", tensors, { depth: 2 }, "weights-unused", '"blocks.2.'],
    ["registers that would be left out", withExtra("reg_token", [1, 4, 12]), {}, "weights-unused", '"reg_token"'],
    [
      "parts of a block that it does not know",
      withExtra("blocks.1.attn.q_norm.weight", [4]),
      {},
      "weights-unused",
      "q_norm",
    ],
    [
      "two networks in one file",
      new Map([...prefixed("student."), ...prefixed("teacher.")]),
      {},
      "weights-ambiguous",
      '"teacher."',
    ],
    [
      "a prefix that is not there",
      prefixed("teacher."),
      { weights_prefix: "techer." },
      "weights-unknown-names",
      '"teacher."',
    ],
    [
      "names of another architecture",
      new Map([["layer1.weight", tensors.get("norm.weight")!]]),
      {},
      "weights-unknown-names",
      "layer1.weight",
    ],
  ])("refuses %s", async (what, held, more, code, words) => {
    const path = await save(`${what}.safetensors`, held);
    const running = run(path, more);
    await expect(running).rejects.toMatchObject({ code });
    const told = await running.catch((error: unknown) => String(error) + String((error as { hint: unknown }).hint));
    expect(told).toContain(words);
    expect(told).toContain(`${what}.safetensors`);
  });

  it("takes the network that is named where there are two", async () => {
    const other = new Map(
      [...tensors].map(([name, { shape, data }]) => [name, { shape, data: data.map((x) => x / 2) }]),
    );
    const path = await save("two.safetensors", new Map([...prefixed("student.", other), ...prefixed("teacher.")]));
    const plain = await save("plain.safetensors", tensors);
    const backbone = await run(path, { weights_prefix: "teacher." });
    expect(await rowsOf(await place(backbone, path))).toEqual(await rowsOf(await place(await run(plain), plain)));
  });

  it("leaves heads and decoders alone", async () => {
    const head = { shape: [2, 12], data: hashedWeight("head", [2, 12]) };
    const held = new Map([
      ...tensors,
      ["head.weight", head],
      ["decoder.blocks.0.mlp.fc1.weight", head],
      ["mask_token", head],
    ] as const);
    const path = await save("with-head.safetensors", held);
    const plain = await save("plain.safetensors", tensors);
    expect(await rowsOf(await place(await run(path), path))).toEqual(
      await rowsOf(await place(await run(plain), plain)),
    );
  });
});

it("reads weights that lie beyond two gigabytes of a file", async () => {
  const path = await save("small.safetensors", tensors);
  const far = join(folder, "far.safetensors");
  await writeBehindHole(await readFile(path), far, 2 ** 31 + 2 ** 20);
  const rows = await rowsOf(await place(await run(far), far));
  expect(rows).toEqual(await rowsOf(await place(await run(path), path)));
});

/** The same tensors behind one that is a hole in the file, so that it takes no room on the disk. */
async function writeBehindHole(bytes: Uint8Array, path: string, hole: number): Promise<void> {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(Buffer.from(bytes.subarray(8, 8 + length)).toString()) as Record<
    string,
    { data_offsets?: [number, number] }
  >;
  for (const { data_offsets: place } of Object.values(header)) {
    if (place !== undefined) for (const end of [0, 1] as const) place[end] += hole;
  }
  const text = JSON.stringify({ ...header, head: { dtype: "U8", shape: [hole], data_offsets: [0, hole] } });
  const padded = Buffer.from(text.padEnd(Math.ceil(text.length / 8) * 8));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(padded.length));
  const file = await open(path, "w");
  await file.write(Buffer.concat([size, padded]));
  await file.write(bytes, 8 + length, bytes.length - 8 - length, 8 + padded.length + hole);
  await file.close();
}

const material =
  process.env["EXP_MATERIAL"] ?? fileURLToPath(new URL("../../../../../shared/material", import.meta.url));
const deit = join(material, "backbones/deit_tiny_patch16_224");
const isHere = existsSync(`${deit}.safetensors`);
if (!isHere)
  console.warn(`SKIPPED: DeiT-tiny's real weights against its real ONNX, since there are none at ${material}.`);

it.skipIf(!isHere)("gives the features that DeiT-tiny's published weights have in its exported ONNX", async () => {
  const path = `${deit}.safetensors`;
  const backbone = await run(path, { image_size: 224, patch_size: 16, width: 192, depth: 12, heads: 3 });
  const images = {
    data: Float32Array.from(hashedValues("images", 2 * 3 * 224 ** 2), (value) => 2 * value),
    dims: [2, 3, 224, 224],
  };
  const session = await openSession({ model: await place(backbone, path), threads: 2 });
  const found = (await session.run({ pixel_values: images }, ["cls_1"])).get("cls_1")!.data;
  await session.close();
  const exported = await openSession({ model: { data: `${deit}.onnx`, name: "deit" }, threads: 2 });
  const tokens = (await exported.run({ pixel_values: images }, ["last_hidden_state"])).get("last_hidden_state")!;
  await exported.close();
  const width = 192;
  const length = tokens.dims[1]!;
  for (const image of [0, 1]) {
    const expected = tokens.data.subarray(image * length * width, image * length * width + width);
    const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const own = found.subarray(image * width, (image + 1) * width);
    expect(
      expected.reduce((most, value, index) => Math.max(most, Math.abs(value - own[index]!)), 0) / largest,
    ).toBeLessThan(1e-5);
  }
});

function without(name: string): Tensors {
  return new Map([...tensors].filter(([each]) => each !== name));
}

function withExtra(name: string, shape: readonly number[]): Tensors {
  return new Map([...tensors, [name, { shape, data: hashedWeight(name, shape) }]]);
}

async function run(path: string, more: Readonly<Record<string, unknown>> = {}): Promise<BackboneModel> {
  const defaults = Object.entries(vit.signature.params).map(([name, spec]): readonly [string, unknown] => [
    name,
    "default" in spec ? spec.default : undefined,
  ]);
  const context: OpContext = {
    params: { ...Object.fromEntries(defaults), ...params, weights: { weights: "file", path }, ...more },
    inputs: {},
    fileDigests: { weights: "d1" },
    signal: new AbortController().signal,
    threads: 1,
    device: "cpu",
    pseudonym: (identifier) => identifier,
    progress: () => undefined,
  };
  return (await vit.run(context)) as BackboneModel;
}

async function place({ graph }: BackboneModel, path: string): Promise<ModelSource> {
  if (graph.kind !== "weights") throw new Error("not over weights");
  return loadStoredGraph(graph.model, { weights: "file", path });
}

/** Every part of two images' rows. */
async function rowsOf(model: ModelSource): Promise<Readonly<Record<string, readonly number[]>>> {
  const session = await openSession({ model, threads: 1 });
  const images = { data: Float32Array.from(hashedValues("images", 2 * 3 * 16 ** 2)), dims: [2, 3, 16, 16] };
  const rows = await session.run({ pixel_values: images }, ["cls_1", "cls_2", "cls_3", "patch_mean"]);
  await session.close();
  return Object.fromEntries([...rows].map(([name, { data }]) => [name, [...data]]));
}
