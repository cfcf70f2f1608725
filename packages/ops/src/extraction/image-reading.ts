import type { Preprocessing } from "../artifacts/backbone.ts";
import type { Example } from "../artifacts/examples.ts";
import type { DatasetReader } from "../datasets/dataset-reader.ts";
import type { PlanarImage } from "../images/planar-image.ts";
import { readPlanes } from "../images/preprocess.ts";

/** Reads an example's image, or that which it is a view of. @throws OpError where the image cannot be read */
export type ReadPlanes = (example: Example) => Promise<PlanarImage>;

/** Images that are kept: as many as are read at a time, whose views come one after the other. */
const keptImages = 4;

/** Views of one image follow each other, and share one reading of it: the last few images that have views are kept. */
export function createImageReading(reader: DatasetReader, preprocessing: Preprocessing): ReadPlanes {
  const read = async (example: Example): Promise<PlanarImage> =>
    readPlanes(await reader.readImage(example), preprocessing);
  const kept = new Map<string, Promise<PlanarImage>>();
  return async (example) => {
    const { view, ...image } = example;
    if (view === undefined) return read(example);
    const known = kept.get(view.of);
    if (known !== undefined) return known;
    // The reader holds an image against the digest that the image itself had when it was indexed.
    const reading = read({ ...image, digest: view.of });
    kept.set(view.of, reading);
    const [oldest] = kept.keys();
    if (kept.size > keptImages && oldest !== undefined) kept.delete(oldest);
    return reading;
  };
}
