import type { Preprocessing } from "../artifacts/backbone.ts";
import type { Example } from "../artifacts/examples.ts";
import { mapConcurrently } from "../datasets/map-concurrently.ts";
import { prepareImage } from "../images/preprocess.ts";
import { OpError } from "../op-error.ts";
import type { ExampleFailure } from "../rows.ts";
import type { ReadPlanes } from "./image-reading.ts";

/** Images ready for a forward pass. */
export interface ImageBatch {
  /** The examples whose image could be read, in order. */
  readonly examples: readonly Example[];
  /** [rows, 3, size, size]: the examples' images, then copies of the last one. Empty where no image could be read. */
  readonly pixels: Float32Array;
  readonly rows: number;
  /** What the pixels lie in; free again once they have been passed. */
  readonly buffer: Float32Array;
  readonly failures: readonly ExampleFailure[];
}

export interface ImageBatchOptions {
  readonly readImage: ReadPlanes;
  readonly preprocessing: Preprocessing;
  /** Rows to fill up to, whatever could be read: the model's fixed batch, or two. */
  readonly minRows: number;
  readonly signal: AbortSignal;
  /** A place for this many floats, whatever they are now: passes take turns in using a few. */
  readonly takeBuffer: (length: number) => Float32Array;
}

/** Images that are decoded at a time: as many as Node has threads for it. */
const decodeLimit = 4;

/** Reads and prepares the images; one that cannot be read is a failure, and the others go on. */
export async function loadImageBatch(examples: readonly Example[], options: ImageBatchOptions): Promise<ImageBatch> {
  const { readImage, preprocessing, signal, takeBuffer } = options;
  const size = 3 * preprocessing.imageSize ** 2;
  const pixels = takeBuffer(Math.max(examples.length, options.minRows) * size);
  const results = await mapConcurrently(
    examples,
    async (example, index): Promise<ExampleFailure | null> => {
      try {
        const target = pixels.subarray(index * size, (index + 1) * size);
        prepareImage(await readImage(example), { preprocessing, view: example.view }, target);
        return null;
      } catch (error) {
        if (!(error instanceof OpError)) throw error;
        return { exampleId: example.id, code: error.code, message: error.message };
      }
    },
    { limit: decodeLimit, signal },
  );

  const read = examples.flatMap((example, index) => (results[index] === null ? [{ example, index }] : []));
  for (const [place, { index }] of read.entries()) pixels.copyWithin(place * size, index * size, (index + 1) * size);
  const rows = read.length === 0 ? 0 : Math.max(read.length, options.minRows);
  for (let row = read.length; row < rows; row++)
    pixels.copyWithin(row * size, (read.length - 1) * size, read.length * size);
  return {
    examples: read.map(({ example }) => example),
    pixels: pixels.subarray(0, rows * size),
    buffer: pixels,
    rows,
    failures: results.filter((failure) => failure !== null),
  };
}
