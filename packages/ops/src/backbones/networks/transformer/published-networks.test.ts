import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hashedValues, hashedWeight } from "../../../../../../tests/ops/reference/hashed-weights.ts";
import { createGraphBuilder } from "../../../onnx/graph-builder.ts";
import { freeDimension } from "../../../onnx/shapes.ts";
import { writeModel } from "../../../onnx/write-model.ts";
import { openSession } from "../../../runtime/session.ts";
import { vitNamings } from "../../naming/vit-namings.ts";
import { nameWeights } from "../../weights/name-weights.ts";
import { storedWeights } from "../../weights/stored-weights.ts";
import type { StoredWeight } from "../../weights/weight-table.ts";
import { buildSamEncoder, type SamEncoder } from "./sam-encoder.ts";
import { buildVisionTransformer, type VisionTransformer } from "./vision-transformer.ts";

interface Reference {
  readonly name: string;
  readonly family: keyof typeof vitNamings;
  readonly sizes: Omit<VisionTransformer, "imageSize" | "norm"> | Omit<SamEncoder, "imageSize">;
  /** The publisher's names, `{}` in place of a block's number. */
  readonly weights: readonly (readonly [name: string, shape: readonly number[]])[];
  readonly features: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;
}

const file = new URL("../../../../../../tests/ops/reference/vit_backbones.json", import.meta.url);
const { networks } = JSON.parse(readFileSync(file, "utf8")) as { readonly networks: readonly Reference[] };

describe.each(networks)("$name", (network) => {
  it.each(Object.keys(network.features))("has the publisher's features of %s pixels", async (side) => {
    const expected = network.features[side]!;
    const found = await featuresOf(network, Number(side));
    expect([...found.keys()].sort()).toEqual(Object.keys(expected).sort());
    for (const [part, values] of Object.entries(expected)) {
      expect(relativeError(found.get(part)!, values), part).toBeLessThan(1e-4);
    }
  });
});

async function featuresOf({ family, sizes, weights }: Reference, imageSize: number) {
  const table = { file: "hashed.safetensors", paths: [], weights: new Map(tensorsOf(weights, sizes)) };
  const named = await nameWeights(table, { namings: vitNamings[family], prefix: null });
  const graph = createGraphBuilder();
  const image = graph.input("image", [freeDimension("batch"), 3, imageSize, imageSize]);
  const source = storedWeights(graph, named);
  const features =
    "window" in sizes
      ? buildSamEncoder(graph, image, { weights: source, sizes: { ...sizes, imageSize } })
      : buildVisionTransformer(graph, image, { weights: source, sizes: { ...sizes, imageSize, norm: "final" } });
  for (const [part, tensor] of features) graph.output(part, tensor);
  const session = await openSession({ model: { data: await writeModel(graph.toModel("n")), name: null }, threads: 1 });
  const data = Float32Array.from(hashedValues("images", 3 * imageSize ** 2), (value) => 2 * value);
  const results = await session.run({ image: { data, dims: [1, 3, imageSize, imageSize] } }, [...features.keys()]);
  await session.close();
  return new Map([...results].map(([part, { data: values }]) => [part, values]));
}

/** Every block's tensors, with hashed values of the name that each has in the file. */
function* tensorsOf(
  weights: Reference["weights"],
  { depth }: Reference["sizes"],
): Generator<readonly [name: string, stored: StoredWeight]> {
  for (const [pattern, shape] of weights) {
    const names = pattern.includes("{}")
      ? Array.from({ length: depth }, (_, block) => pattern.replace("{}", String(block)))
      : [pattern];
    for (const name of names) {
      const read = async (): Promise<Uint8Array> => new Uint8Array(hashedWeight(name, shape).buffer);
      yield [name, { type: "float32", shape, place: { kind: "apart", read } }];
    }
  }
}

/** The largest difference over the largest value. */
function relativeError(found: Float32Array, expected: readonly number[]): number {
  if (found.length !== expected.length) return Infinity;
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const worst = expected.reduce((most, value, index) => Math.max(most, Math.abs(value - found[index]!)), 0);
  return worst / largest;
}
