import { randomStream, type RandomStream } from "../../runtime/random.ts";

/** The order of the rows in an epoch: a pure function of seed and epoch, whatever was drawn before (Fisher and Yates). */
export function shuffledRows(rows: number, seed: number, epoch: number): Int32Array {
  const random = randomStream(seed, "linear", "order", epoch);
  return shuffle(
    Int32Array.from({ length: rows }, (_, row) => row),
    random,
  );
}

/** The views of every image in an order of its own, [images, views]: one for each epoch, and then from the first again. */
export function orderViews(images: number, views: number, seed: number): Int32Array {
  const random = randomStream(seed, "linear", "views");
  const order = Int32Array.from({ length: images * views }, (_, row) => row % views);
  for (let image = 0; image < images; image++) {
    shuffle(order.subarray(image * views, (image + 1) * views), random);
  }
  return order;
}

/** The rows of an epoch, where row i · views + k is view k of image i: every image once, by the view that is its turn. */
export function viewRows(images: Int32Array, viewOrder: Int32Array, epoch: number): Int32Array {
  const views = viewOrder.length / images.length;
  return images.map((image) => image * views + viewOrder[image * views + (epoch % views)]!);
}

/** Weights of mean 0 and deviation 0.01, as DINOv2's linear evaluation draws them. */
export function drawWeights(count: number, seed: number): Float32Array {
  const random = randomStream(seed, "linear", "weights");
  return Float32Array.from({ length: count }, () => 0.01 * random.normal());
}

function shuffle(values: Int32Array, random: RandomStream): Int32Array {
  for (let place = values.length - 1; place > 0; place--) {
    const other = random.integer(place + 1);
    const value = values[place]!;
    values[place] = values[other]!;
    values[other] = value;
  }
  return values;
}
