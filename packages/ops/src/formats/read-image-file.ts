import { decodeImage, isPngOrJpeg } from "../images/decode-image.ts";
import type { DecodedImage } from "../images/decoded-image.ts";
import type { RawImage } from "../images/raw-image.ts";
import { applyWindow } from "../images/window/apply-window.ts";
import type { Window } from "../images/window/window.ts";
import { OpError } from "../op-error.ts";
import { isDicom } from "./dicom/open-dicom.ts";
import { isTiff } from "./tiff/is-tiff.ts";
import { isNifti } from "./nifti/open-nifti.ts";

/** A file that holds pictures, opened. */
interface Pictures {
  readonly count: number;
  readonly read: (index: number) => Promise<RawImage>;
}

/** One kind of file besides PNG and JPEG; what opens it is loaded with the first such file. */
interface PictureFormat {
  readonly isIt: (bytes: Uint8Array) => boolean;
  /** True where files that are no pictures begin likewise. */
  readonly isCommon?: true;
  readonly open: (bytes: Uint8Array, name: string) => Promise<Pictures>;
}

/** One line per format. */
const formats: readonly PictureFormat[] = [
  { isIt: isTiff, open: openTiffPages },
  { isIt: isNpy, open: openArray },
  { isIt: isDicom, open: openDicomFrames },
  { isIt: isZip, open: openArchive, isCommon: true },
];

/** How much of a file tells it: DICOM is known by 132 bytes, or, without the header of a file, by all of its first element. */
export const startLength = 512;

/** Whether a file that begins so is a picture for certain. */
export function beginsAsPicture(start: Uint8Array): boolean {
  return isPngOrJpeg(start) || formats.some(({ isIt, isCommon }) => isCommon !== true && isIt(start));
}

/**
 * The picture of a file that holds one: PNG, JPEG, TIFF, DICOM or a NumPy array (`.npy`, or `.npz` of one array), told apart
 * by what is in them, never by their names. Through its window where it has units of its own.
 * @param name how messages call the file
 * @throws OpError `image-many-frames`, `image-not-finite`, `image-unsupported` and those of its format
 */
export async function readImageFile(bytes: Uint8Array, name: string, window: Window): Promise<DecodedImage> {
  if (isPngOrJpeg(bytes)) {
    const image = await decodeImage(bytes, name);
    return window.kind === "file" ? image : applyWindow({ ...image, display: null }, window, name);
  }
  const format = formats.find(({ isIt }) => isIt(bytes));
  if (format === undefined) throw isNifti(bytes) ? manyPictures(name, "is a NIfTI volume") : unknownFormat(bytes, name);
  const { count, read } = await format.open(bytes, name);
  if (count > 1) throw manyPictures(name, `holds ${String(count)} images`);
  return applyWindow(await read(0), window, name);
}

async function openTiffPages(bytes: Uint8Array, name: string): Promise<Pictures> {
  const { openTiff } = await import("./tiff/open-tiff.ts");
  const tiff = await openTiff(bytes, name);
  return { count: tiff.pages, read: (page) => tiff.readPage(page) };
}

async function openArray(bytes: Uint8Array, name: string): Promise<Pictures> {
  const { readNpyImage } = await import("./numpy/read-npy-image.ts");
  return onePicture(readNpyImage(bytes, name));
}

/** Of zip files, those of NumPy alone hold pictures. */
async function openArchive(bytes: Uint8Array, name: string): Promise<Pictures> {
  const { readNpzImage } = await import("./numpy/read-npz-image.ts");
  const image = await readNpzImage(bytes, name);
  if (image === null) throw unknownFormat(bytes, name);
  return onePicture(image);
}

function onePicture(image: RawImage): Pictures {
  return { count: 1, read: () => Promise.resolve(image) };
}

function isNpy(bytes: Uint8Array): boolean {
  return beginsWith(bytes, [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]);
}

/** Of one entry at least. */
function isZip(bytes: Uint8Array): boolean {
  return beginsWith(bytes, [0x50, 0x4b, 3, 4]);
}

function beginsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((byte, index) => bytes[index] === byte);
}

/** Pixels alone: nobody asks this file whose they are. */
async function openDicomFrames(bytes: Uint8Array, name: string): Promise<Pictures> {
  const { openDicom } = await import("./dicom/open-dicom.ts");
  const dicom = await openDicom(bytes, name, () => "");
  return { count: dicom.frames, read: (frame) => dicom.readFrame(frame) };
}

function manyPictures(name: string, what: string): OpError {
  return new OpError(
    "image-many-frames",
    `${name} ${what}, where one image is expected.`,
    "Use `dicom_folder` or `nifti_folder`, which take every slice as an image.",
  );
}

function unknownFormat(bytes: Uint8Array, name: string): OpError {
  const what = bytes.length === 0 ? "it is empty" : "it is neither PNG, JPEG, TIFF, DICOM nor a NumPy array";
  return new OpError(
    bytes.length === 0 ? "image-damaged" : "image-unsupported",
    `${name} cannot be used: ${what}.`,
    "Fetch the file again, or convert it to PNG (8- or 16-bit).",
  );
}
