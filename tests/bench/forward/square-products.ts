import { engine } from "@exp-lab/ops";
import { hashedValues } from "../../ops/reference/hashed-weights.ts";
import type { LaneSetup } from "./lane-messages.ts";

/** Side of the matrices: large, and no power of two, whose rows share lines of the cache (2,048 reaches a sixth less). */
export const side = 1536;
/** One after the other in a pass, so that neither a call nor a copy of its answer is measured. */
const products = 4;

/** Multiply-adds of a pass. */
export const multiplyAdds = products * side ** 3;

/** Nothing but matrix products in float32, as onnxruntime does them by default; the batch is `side`. */
export async function squareProducts(): Promise<Omit<LaneSetup, "threads">> {
  const graph = engine.createGraphBuilder();
  const scale = Math.sqrt(3 / side);
  const values = Float32Array.from(hashedValues("w", side ** 2), (value) => value * scale);
  const weight = graph.weight("w", values, [side, side]);
  let x = graph.input("x", [side, side]);
  for (let index = 0; index < products; index += 1) x = engine.matMul(graph, x, weight);
  graph.output("y", x);
  const data = await engine.writeModel(graph.toModel("square products"));
  return { source: { data, name: null }, device: "cpu", input: "x", shape: [side], outputs: ["y"] };
}
