import { join } from "node:path";
import { engine } from "@exp-lab/ops";
import { hashedWeight } from "../../ops/reference/hashed-weights.ts";
import { writeWeights } from "./write-weights.ts";

/** Side of the images of both. */
export const imageSide = 224;
const patches = (imageSide / 14) ** 2;

/** A published vision transformer over weights that both sides of a comparison read from one file. */
export interface VitForward {
  readonly name: "dinov2_vits14" | "dinov2_vitb14";
  /** The file of weights. */
  readonly weights: string;
  readonly graph: engine.PublishedGraph;
}

/**
 * The network with hashed weights, as an extraction runs it. Positions are written for images of 224 pixels: how they are resized
 * from 518 is not what is compared.
 */
export async function makeVit(name: VitForward["name"], folder: string): Promise<VitForward> {
  const weights = join(folder, `${name}.safetensors`);
  const asked = engine
    .traceBackbone(name)
    .weights.map((weight) =>
      weight.name === "pos_embed" ? { ...weight, shape: [1, 1 + patches, weight.shape.at(-1) ?? 0] } : weight,
    );
  writeWeights(weights, asked, hashedWeight);
  return { name, weights, graph: await engine.buildPublishedGraph(name, weights) };
}
