import type { AnatomicalAxis, Volume } from "../formats/volume/volume.ts";
import type { RawImage } from "../images/raw-image.ts";
import { applyWindow } from "../images/window/apply-window.ts";
import type { Window } from "../images/window/window.ts";
import { OpError } from "../op-error.ts";
import type { SliceFile } from "./slice-format.ts";

/** Which slices of a volume are images, and how they are shown. */
export interface NiftiCut {
  readonly axis: AnatomicalAxis;
  /** Every n-th one, from the first on. */
  readonly every: number;
  /** Of 4-D files; null where none is said. */
  readonly frame: number | null;
  /** Where nothing is said, grey values are shown between the volume's own lowest and highest. */
  readonly window: Window;
}

/**
 * The slices of a volume, each with axis, index and frame for its key.
 * @throws OpError `image-many-frames` where a 4-D file is not told which, `slice-out-of-range`, and those of `openNifti`
 */
export async function openNiftiSlices(
  bytes: Uint8Array,
  name: string,
  { axis, every, frame: asked, window }: NiftiCut,
): Promise<Omit<SliceFile, "facts">> {
  const { openNifti } = await import("../formats/nifti/open-nifti.ts");
  const volume = await openNifti(bytes, name);
  if (asked === null && volume.frames > 1) throw manyFrames(name, volume.frames);
  const frame = asked ?? 0;
  const first = volume.slice(axis, 0, frame);
  const count = Math.ceil(volume.sliceCount(axis) / every);
  if (count > maxSlices) throw manySlices(name, count);
  return {
    slices: Array.from({ length: count }, (_, step) => {
      const index = step * every;
      return { key: `${axis} ${index} ${frame}`, label: `${axis} ${String(index).padStart(3, "0")}` };
    }),
    ...(!volume.isOriented && { doubt: unoriented }),
    bytes: heldBytes(volume, first, bytes),
    read: async (key, image) => {
      const slice = volume.slice(axis, indexOf(key), frame);
      return applyWindow(slice, window.kind === "file" ? volumeWindow(volume, slice, frame) : window, image);
    },
  };
}

const unoriented =
  "Without an orientation (neither sform nor qform), so that which side is left is nibabel's convention";

function indexOf(key: string): number {
  return Number(key.split(" ")[1]);
}

/** Colours are shown as they are. */
function volumeWindow(volume: Volume, { channels }: RawImage, frame: number): Window {
  if (channels === 3) return { kind: "file" };
  const { low, high } = volume.range(frame);
  return { kind: "range", low, high };
}

/** The file's own bytes may be the volume's, or be gone. */
function heldBytes({ shape, frames }: Volume, { channels, data }: RawImage, bytes: Uint8Array): number {
  const [x, y, z] = shape;
  return Math.max(bytes.length, x * y * z * frames * channels * data.BYTES_PER_ELEMENT);
}

/** Files of a few bytes may claim as many slices as an index has no room for. */
const maxSlices = 2 ** 19;

function manySlices(name: string, slices: number): OpError {
  return new OpError(
    "image-too-large",
    `${name} has ${slices} slices, and ${maxSlices} at most are read.`,
    "Take fewer of them by `every`, or another `axis`.",
  );
}

function manyFrames(name: string, frames: number): OpError {
  return new OpError(
    "image-many-frames",
    `${name} has ${frames} time points or channels, where one volume is expected.`,
    `Say which by \`frame\`, from 0 to ${frames - 1}.`,
  );
}
