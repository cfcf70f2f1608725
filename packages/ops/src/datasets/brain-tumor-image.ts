import { openHdf5, type Hdf5File } from "../formats/hdf5/open-hdf5.ts";
import type { RawImage } from "../images/raw-image.ts";
import { applyWindow } from "../images/window/apply-window.ts";
import { percentilesOf } from "../images/window/percentiles.ts";
import type { Window } from "../images/window/window.ts";
import { OpError } from "../op-error.ts";
import type { FileFormat } from "./file-dataset.ts";

export interface TumorReading {
  /** As MATLAB shows the image, or as it is stored: turned over its diagonal. */
  readonly orientation: "upright" | "stored";
  /** What becomes of values up to the window's lower end: that end itself, or 0. */
  readonly lowValues: "clip" | "zero";
}

/** Scanners give no units: what is told apart where no window is said, by percentiles of each image. */
const ownWindow = { kind: "percentiles", low: 5, high: 95 } as const satisfies Window;

/** The image of one file through its window, 0 to 1. */
export function tumorFormat({ orientation, lowValues }: TumorReading): FileFormat {
  return {
    tag: `brain-tumor.1 ${orientation} ${lowValues}`,
    decode: async (bytes, name, window) => {
      const image = await readTumorImage(await openHdf5(bytes, name), orientation);
      const range = rangeOf(image, window.kind === "file" ? ownWindow : window);
      const clipped = applyWindow(image, { kind: "range", ...range }, name);
      return lowValues === "clip" ? clipped : { ...clipped, data: zeroLowValues(image.data, range) };
    },
  };
}

/** @throws OpError `image-damaged` where it has no pixels or other than two sides, and those of reading HDF5 */
async function readTumorImage(file: Hdf5File, orientation: TumorReading["orientation"]): Promise<RawImage> {
  const path = "cjdata/image";
  const { shape, data } = await (orientation === "upright" ? file.readMatrix(path) : file.readNumbers(path));
  const [height, width] = shape;
  if (shape.length === 2 && height !== undefined && width !== undefined && data.length > 0) {
    return { width, height, channels: 1, data, display: null };
  }
  throw new OpError(
    "image-damaged",
    `${file.name} cannot be used: its ${path} is of shape (${shape.join(", ")}), where rows and columns are expected.`,
    "Fetch the archive again.",
  );
}

interface Range {
  readonly low: number;
  readonly high: number;
}

function rangeOf({ data }: RawImage, window: Exclude<Window, { readonly kind: "file" }>): Range {
  if (window.kind === "range") return window;
  const [low, high] = percentilesOf(data, [window.low, window.high]);
  return { low: low!, high: high! };
}

/**
 * Values up to `low` become 0, and not `low`; those above `high` become `high`; then the least of all is 0 and the greatest 1.
 * The study goes on with the values as they are before that last step, and scales them so later: nothing else is different.
 */
function zeroLowValues(values: RawImage["data"], { low, high }: Range): Float32Array {
  const cut = (value: number): number => (value <= low ? 0 : Math.min(value, high));
  let [least, greatest] = [Infinity, -Infinity];
  for (const value of values) {
    least = Math.min(least, cut(value));
    greatest = Math.max(greatest, cut(value));
  }
  const range = greatest - least;
  return Float32Array.from(values, (value) => (range === 0 ? 0 : (cut(value) - least) / range));
}
