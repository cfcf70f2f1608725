import { createHash } from "node:crypto";
import type { DecodedImage } from "../images/decoded-image.ts";
import { digestOfArrayImage } from "./array-image.ts";
import { unexpectedArray } from "./medmnist-errors.ts";
import type { NpyArray } from "./npy-array.ts";

/** The images, or the volumes, of one split. */
export interface ImageStack {
  readonly count: number;
  /** Of a volume, along its first axis; null where each is an image. */
  readonly slices: number | null;
  /** @param slice 0 of an image */
  readonly imageAt: (index: number, slice: number) => DecodedImage;
  /**
   * Of an image, of its own values (`digestOfArrayImage`); of a slice, of its whole volume and its place: blank slices, which
   * most volumes have, are then not one image.
   */
  readonly digestAt: (index: number, slice: number) => string;
}

/**
 * N x height x width (x 3) images, or N x S x S x S volumes, of 8 or 16 bits.
 * @throws OpError `array-unexpected`
 */
export function toImageStack(array: NpyArray): ImageStack {
  const { name, type, bytes } = array;
  const layout = layoutOf(array);
  if (type !== "|u1" && type !== "<u2") {
    throw unexpectedArray(name, `elements of type ${type}`, "8- or 16-bit unsigned numbers");
  }
  const { count, slices, height, width, channels } = layout;
  const isBytes = type === "|u1";
  const imageSize = height * width * channels * (isBytes ? 1 : 2);
  const itemSize = imageSize * (slices ?? 1);
  const imageAt = (index: number, slice: number): DecodedImage => {
    const start = index * itemSize + slice * imageSize;
    // A copy: it may be handed to another thread, and it is aligned.
    const values = Uint8Array.from(bytes.subarray(start, start + imageSize));
    return { width, height, channels, data: isBytes ? values : new Uint16Array(values.buffer) };
  };
  if (slices === null) return { count, slices, imageAt, digestAt: (index) => digestOfArrayImage(imageAt(index, 0)) };
  const digestOfVolume = remember((index) =>
    createHash("sha256")
      .update(
        `exp.array-volume.1\n${isBytes ? "uint8" : "uint16"} ${String(slices)} ${String(height)} ${String(width)}\n`,
      )
      .update(bytes.subarray(index * itemSize, (index + 1) * itemSize))
      .digest("hex"),
  );
  const digestAt = (index: number, slice: number): string =>
    createHash("sha256")
      .update(`exp.array-slice.1\n${digestOfVolume(index)}\n${String(slice)}\n`)
      .digest("hex");
  return { count, slices, imageAt, digestAt };
}

interface StackLayout extends Pick<DecodedImage, "height" | "width" | "channels"> {
  readonly count: number;
  readonly slices: number | null;
}

/** Only cubes are volumes, so that an image of four channels is none. */
function layoutOf({ name, shape }: NpyArray): StackLayout {
  const [count, height, width, last] = shape;
  if (count !== undefined && height && width) {
    if (shape.length === 3) return { count, slices: null, height, width, channels: 1 };
    if (shape.length === 4 && (last === 1 || last === 3)) return { count, slices: null, height, width, channels: last };
    if (shape.length === 4 && height === width && width === last) {
      return { count, slices: height, height, width, channels: 1 };
    }
  }
  const expected = "N x height x width, N x height x width x 3, or N x side x side x side";
  throw unexpectedArray(name, `shape (${shape.join(", ")})`, expected);
}

/** The slices of a volume are asked for one after another, or not at all. */
function remember(digestOf: (index: number) => string): (index: number) => string {
  const known = new Map<number, string>();
  return (index) => {
    const digest = known.get(index) ?? digestOf(index);
    known.set(index, digest);
    return digest;
  };
}
