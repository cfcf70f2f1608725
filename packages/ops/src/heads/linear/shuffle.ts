import { randomStream } from "../../runtime/random.ts";

/** The order of the rows in an epoch: a pure function of seed and epoch, whatever was drawn before (Fisher and Yates). */
export function shuffledRows(rows: number, seed: number, epoch: number): Int32Array {
  const random = randomStream(seed, "linear", "order", epoch);
  const order = Int32Array.from({ length: rows }, (_, row) => row);
  for (let place = rows - 1; place > 0; place--) {
    const other = random.integer(place + 1);
    const row = order[place]!;
    order[place] = order[other]!;
    order[other] = row;
  }
  return order;
}

/** Weights of mean 0 and deviation 0.01, as DINOv2's linear evaluation draws them. */
export function drawWeights(count: number, seed: number): Float32Array {
  const random = randomStream(seed, "linear", "weights");
  return Float32Array.from({ length: count }, () => 0.01 * random.normal());
}
