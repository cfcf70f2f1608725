import { OpError } from "../../op-error.ts";
import { openZip } from "../../datasets/zip-archive.ts";
import type { RawImage, RawValues } from "../../images/raw-image.ts";
import { readNpyNumbers, type NpyNumbers } from "./npy-values.ts";

/**
 * What the sides of an array are: an image of greys, height x width; an image of height x width x channels, where the
 * channels are 1 (grey) or 3 (RGB); slices x height x width, all grey. It is said, never guessed: an array of shape
 * (40, 50, 3) is a colour image as well as 40 slices of 50 x 3.
 */
export type NpyLayout = "HW" | "HWC" | "SHW";

/** One image or a stack of slices of the same size, in the units of the file. */
export interface NpyImage {
  /** 1 but for stacks. */
  readonly slices: number;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  /** @throws OpError `npy-unsupported` where a 64-bit value of the slice is no safe integer */
  readonly readSlice: (index: number) => RawImage;
}

/**
 * The image or the slices in a `.npy` file: booleans, whole numbers and floats of all sizes, either byte order, C and
 * Fortran order. NaN and infinities are kept.
 * @param name how messages call the array
 * @throws OpError `npy-damaged`, `npy-unsupported` (objects, texts, complex numbers), `array-unexpected` (another shape)
 */
export function readNpyImage(bytes: Uint8Array, name: string, layout: NpyLayout): NpyImage {
  const numbers = readNpyNumbers(name, bytes);
  const { slices, height, width, channels } = sidesOf(name, numbers.shape, layout);
  const length = height * width * channels;
  const isInOrder = isRowMajor(numbers);
  // In Fortran order a slice is scattered over the whole file: it is taken apart once, not for every slice.
  let whole: RawValues | null = null;
  const scattered = (): RawValues => (whole ??= numbers.read(0, slices * length));
  const readSlice = (index: number): RawImage => {
    if (!Number.isInteger(index) || index < 0 || index >= slices) {
      throw new Error(`The array ${name} has no slice ${index}; it has ${slices}.`);
    }
    const data = isInOrder
      ? numbers.read(index * length, (index + 1) * length)
      : gather(scattered(), numbers, layout === "SHW" ? index : null);
    return { width, height, channels, data, display: null };
  };
  return { slices, width, height, channels, readSlice };
}

/**
 * As `readNpyImage`, of one array of an `.npz` archive.
 * @param path of the archive
 * @param file how messages call it
 * @param array its name, without `.npy`
 * @throws OpError `array-missing`, what `readNpyImage` throws, and what `openZip` throws
 */
export async function readNpzImage(path: string, file: string, array: string, layout: NpyLayout): Promise<NpyImage> {
  const archive = await openZip(path, file);
  try {
    const entry = `${array}.npy`;
    if (!archive.names.includes(entry)) {
      throw new OpError(
        "array-missing",
        `${file} has no array ${array}.`,
        "Check the name: upper and lower case differ.",
      );
    }
    return readNpyImage(await archive.read(entry), `${array} of ${file}`, layout);
  } finally {
    await archive.close();
  }
}

type Sides = Pick<NpyImage, "slices" | "height" | "width" | "channels">;

function sidesOf(name: string, shape: readonly number[], layout: NpyLayout): Sides {
  const [first = 0, second = 0, third = 0] = shape;
  const sides = {
    HW: { slices: 1, height: first, width: second, channels: 1 },
    HWC: { slices: 1, height: first, width: second, channels: third },
    SHW: { slices: first, height: second, width: third, channels: 1 },
  }[layout];
  const { channels, ...counts } = sides;
  const isWhole = Object.values(counts).every((side) => side > 0);
  if (shape.length !== layout.length || !isWhole || (channels !== 1 && channels !== 3)) {
    throw new OpError(
      "array-unexpected",
      `The array ${name} has shape (${shape.join(", ")}); as ${layout}, ${expectations[layout]} is expected.`,
      "Say which side is which: HW, HWC (1 or 3 channels last) or SHW (slices first).",
    );
  }
  return { ...counts, channels };
}

const expectations: Readonly<Record<NpyLayout, string>> = {
  HW: "height x width",
  HWC: "height x width x 1 or height x width x 3",
  SHW: "slices x height x width",
};

/** Whether slice follows slice, row follows row. */
function isRowMajor({ shape, strides }: NpyNumbers): boolean {
  let stride = 1;
  for (let side = shape.length - 1; side >= 0; side--) {
    // A side of one has no neighbours.
    if (shape[side] !== 1 && strides[side] !== stride) return false;
    stride *= shape[side]!;
  }
  return true;
}

/** @param slice null where the array is one image */
function gather(all: RawValues, { shape, strides }: NpyNumbers, slice: number | null): RawValues {
  const start = slice === null ? 0 : slice * strides[0]!;
  const [height, width, channels = 1] = slice === null ? shape : shape.slice(1);
  const [down, across, between = 0] = slice === null ? strides : strides.slice(1);
  const data = all.slice(0, height! * width! * channels);
  let to = 0;
  for (let row = 0; row < height!; row++) {
    for (let column = 0; column < width!; column++) {
      for (let channel = 0; channel < channels; channel++) {
        data[to++] = all[start + row * down! + column * across! + channel * between]!;
      }
    }
  }
  return data;
}
