import { createGraphBuilder } from "../onnx/graph-builder.ts";
import { matMul } from "../onnx/operators/products.ts";
import { writeModel } from "../onnx/write-model.ts";
import type { Session } from "./session.ts";

const name = "x";

/** x · w, and again as often as it says, of square matrices whose products stay in range. */
export async function buildProducts(size: number, products: number): Promise<Uint8Array> {
  const graph = createGraphBuilder();
  const weight = graph.weight("w", weights(size), [size, size]);
  let tensor = graph.input(name, [size, size]);
  for (let product = 0; product < products; product++) tensor = matMul(graph, tensor, weight);
  graph.output("y", tensor);
  return writeModel(graph.toModel("products"));
}

/** Whether a product comes out as float32 has it: TF32 and float16 keep 11 of its 24 bits, and miss by a thousandth. */
export async function isPrecise(session: Session, size: number): Promise<boolean> {
  const data = inputs(size);
  const [x, w] = [data, weights(size)];
  const found = (await session.run({ [name]: { data, dims: [size, size] } }, ["y"])).get("y")?.data;
  if (found === undefined) return false;
  let [worst, largest] = [0, 0];
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      let sum = 0;
      for (let at = 0; at < size; at++) sum += x[row * size + at]! * w[at * size + column]!;
      worst = Math.max(worst, Math.abs(sum - found[row * size + column]!));
      largest = Math.max(largest, Math.abs(sum));
    }
  }
  return worst <= mostError * largest;
}

/** Relative to the largest value: float32 comes to some 1e-7, TF32 to more than 1e-5 even where errors cancel. */
const mostError = 5e-6;

/** The faster of two runs after the first, which compiles; that one where it took long enough to know. */
export async function timeProducts(session: Session, size: number): Promise<number> {
  const run = async (): Promise<number> => {
    const started = performance.now();
    await session.run({ [name]: { data: inputs(size), dims: [size, size] } }, ["y"]);
    return (performance.now() - started) / 1000;
  };
  const first = await run();
  return first > slow ? first : Math.min(await run(), await run());
}

/** Seconds. No GPU takes as long for what a core of a CPU does in a tenth of it. */
const slow = 5;

/** Numbers that use all bits of float32, of either sign, so that sums neither grow nor vanish. */
function weights(size: number): Float32Array {
  return Float32Array.from({ length: size * size }, (_, at) => Math.sin(1 + at * 0.7) * Math.sqrt(2 / size));
}

function inputs(size: number): Float32Array {
  return Float32Array.from({ length: size * size }, (_, at) => Math.cos(2 + at * 1.3));
}
