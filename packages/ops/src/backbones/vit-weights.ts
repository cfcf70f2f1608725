import { randomStream, type RandomStream } from "../runtime/random.ts";
import type { VitSizes } from "./vit-graph.ts";
import type { MakeWeight } from "./weights/made-weights.ts";

/**
 * Weights as timm's vision transformers start their training: matrices and positions normal with deviation 0.02 (cut at
 * ±2, which is a hundred deviations away), biases zero, norms one and zero, class token normal with deviation 1e-6, patch
 * embedding uniform in ±1/sqrt(inputs). Every tensor has a stream of its own, so that a deeper network shares the weights
 * of a shallower one. The same float32 bits on every machine.
 */
export function randomVitWeights(seed: number, { patchSize }: Pick<VitSizes, "patchSize">): MakeWeight {
  const patchBound = 1 / Math.sqrt(3 * patchSize ** 2);
  return (name, shape) => {
    const count = shape.reduce((product, size) => product * size, 1);
    const draw = distributionOf(name, patchBound);
    if (typeof draw === "number") return new Float32Array(count).fill(draw);
    const stream = randomStream(seed, "vit", name);
    const values = new Float32Array(count);
    for (let index = 0; index < count; index++) values[index] = draw(stream);
    return values;
  };
}

/** How the values of a weight are drawn, or the one value that all of them have. */
function distributionOf(name: string, patchBound: number): number | ((stream: RandomStream) => number) {
  if (name.startsWith("patch_embed.")) return (stream) => (2 * stream.uniform() - 1) * patchBound;
  if (name === "cls_token") return (stream) => stream.normal() * 1e-6;
  if (name.includes("norm")) return name.endsWith("weight") ? 1 : 0;
  if (name.endsWith("bias")) return 0;
  return (stream) => Math.min(Math.max(stream.normal() * 0.02, -2), 2);
}
