import { OpError } from "../../op-error.ts";
import { maxPixels } from "../../images/decode-image.ts";
import type { RawImage, RawValues } from "../../images/raw-image.ts";
import { readNpyNumbers, type NpyNumbers } from "./npy-values.ts";

/**
 * The image in a `.npy` file: height x width or height x width x 1 (grey), or height x width x 3 (RGB). Booleans, whole
 * numbers and floats of all sizes, either byte order, C and Fortran order, in the units of the file; NaN and infinities
 * are kept.
 * @param name how messages call the array
 * @throws OpError `npy-damaged`, `npy-unsupported` (objects, texts, complex numbers, 64-bit values that are no safe
 *   integers), `array-unexpected` (another shape), `image-too-large`
 */
export function readNpyImage(bytes: Uint8Array, name: string): RawImage {
  const numbers = readNpyNumbers(name, bytes);
  const size = sizeOf(name, numbers.shape);
  const values = numbers.read();
  return { ...size, data: isRowMajor(numbers) ? values : inRows(values, size, numbers.strides), display: null };
}

type ImageSize = Pick<RawImage, "width" | "height" | "channels">;

function sizeOf(name: string, shape: readonly number[]): ImageSize {
  const [height = 0, width = 0, channels = 1] = shape;
  const isImage = shape.length <= 3 && height > 0 && width > 0;
  if (!isImage || (channels !== 1 && channels !== 3)) {
    throw new OpError(
      "array-unexpected",
      `The array ${name} has shape (${shape.join(", ")}), where one image is expected: ${expected}.`,
      "Save every image or slice in a file of its own, channels last (`numpy.moveaxis`) and without alpha (`a[..., :3]`).",
    );
  }
  if (width * height > maxPixels) {
    throw new OpError(
      "image-too-large",
      `The array ${name} has ${String(width)} x ${String(height)} pixels; at most ${String(maxPixels)} are read.`,
      "Resize the image, or cut it into tiles, before it enters a data set.",
    );
  }
  return { width, height, channels };
}

const expected = "height x width, height x width x 1 (both grey) or height x width x 3 (RGB)";

/** Whether row follows row, pixel follows pixel. */
function isRowMajor({ shape, strides }: NpyNumbers): boolean {
  let stride = 1;
  for (let side = shape.length - 1; side >= 0; side--) {
    // A side of one has no neighbours.
    if (shape[side] !== 1 && strides[side] !== stride) return false;
    stride *= shape[side]!;
  }
  return true;
}

function inRows(values: RawValues, size: ImageSize, strides: readonly number[]): RawValues {
  const { width, height, channels } = size;
  const [down = 0, across = 0, between = 0] = strides;
  const data = values.slice();
  let to = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const pixel = row * down + column * across;
      for (let channel = 0; channel < channels; channel++) data[to++] = values[pixel + channel * between]!;
    }
  }
  return data;
}
