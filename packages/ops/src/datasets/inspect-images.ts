import { createHash } from "node:crypto";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Example } from "../artifacts/examples.ts";
import type { DecodedImage } from "../images/decoded-image.ts";
import type { OpContext } from "../op-context.ts";
import { OpError } from "../op-error.ts";
import type { DatasetReader } from "./dataset-reader.ts";
import { readSourceFile } from "./file-images.ts";
import type { ListedFiles } from "./listed-dataset.ts";
import { mapConcurrently } from "./map-concurrently.ts";

/** What reading one image told: its size, or why it cannot be used. */
export interface InspectedImage {
  /** Of its bytes, also where they are no image; null where they could not be read. */
  readonly digest: string | null;
  readonly shape: ImageShape | null;
  readonly fault: OpError | null;
}

export interface ImageShape {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly bits: number;
}

type InspectContext = Pick<OpContext, "signal" | "progress">;

/** Reads every file below `root` that the examples' locators name, once, and decodes it. A bad file is an answer, no error. */
export function inspectFiles(
  examples: readonly Example[],
  { root, decode }: Pick<ListedFiles, "root" | "decode">,
  context: InspectContext,
): Promise<readonly InspectedImage[]> {
  return inspectEach(examples, context, async ({ id, locator }, note) => {
    const bytes = await readSourceFile({ name: id, path: join(root, locator) });
    note(createHash("sha256").update(bytes).digest("hex"));
    return decode(bytes, id);
  });
}

/** The same through a data set's own reader, for images that are no files. */
export function inspectThroughReader(
  examples: readonly Example[],
  reader: DatasetReader,
  context: InspectContext,
): Promise<readonly InspectedImage[]> {
  return inspectEach(examples, context, (example, note) => {
    note(example.digest);
    return reader.readImage(example);
  });
}

/** As many as are decoded side by side, and few enough to keep large images out of memory. */
const imagesAtOnce = 4;

/** After so many images a request to stop is heard, also where reading one waits for nothing. */
const imagesBetweenPauses = 64;

type ReadOne = (example: Example, note: (digest: string) => void) => Promise<DecodedImage>;

function inspectEach(
  examples: readonly Example[],
  { signal, progress }: InspectContext,
  read: ReadOne,
): Promise<readonly InspectedImage[]> {
  const inspect = async (example: Example, position: number): Promise<InspectedImage> => {
    if (position % imagesBetweenPauses === 0) await setImmediate();
    return inspectOne(example, read);
  };
  return mapConcurrently(examples, inspect, { limit: imagesAtOnce, signal, progress });
}

async function inspectOne(example: Example, read: ReadOne): Promise<InspectedImage> {
  let digest: string | null = null;
  try {
    const { width, height, channels, data } = await read(example, (found) => (digest = found));
    const bits = data.BYTES_PER_ELEMENT * 8;
    return { digest, shape: { width, height, channels, bits }, fault: null };
  } catch (error) {
    if (error instanceof OpError) return { digest, shape: null, fault: error };
    throw error;
  }
}
