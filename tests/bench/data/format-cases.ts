import { decodeImage, engine } from "@exp-lab/ops";
import { drawMatlab, matlabImage } from "./drawn-matlab.ts";
import { drawJpeg, drawNifti, drawNpy, drawPng16, drawPng8, drawTiff, sides } from "./drawn-files.ts";
import { decodeEach, type Decoding, type FormatCase } from "./format-case.ts";

const filesEach = 3;
const radiograph = `${sides.radiograph} x ${sides.radiograph} grey`;
const slice = `${sides.slice} x ${sides.slice}`;
const voxels = `${sides.volume} x ${sides.volume} x ${sides.volumeSlices}`;

/** Every format but DICOM, over files that are drawn here. */
export async function drawFormatCases(): Promise<readonly FormatCase[]> {
  const volume = drawNifti();
  return [
    await imageCase("png_8bit", `PNG ${radiograph}, 8 bits`, drawPng8),
    await imageCase("png_16bit", `PNG ${radiograph}, 16 bits`, drawPng16),
    await imageCase("jpeg", `JPEG ${radiograph}, quality 90`, drawJpeg),
    await tiffCase(),
    {
      ...{ name: "nifti_open", what: `.nii.gz of ${voxels}, 16 bits, up to its voxels in memory`, unit: "volumes/s" },
      ...{ files: [volume], reader: "nibabel_open" },
      begin: () => Promise.resolve({ decode: () => openVolume(volume), first: () => allSlices(volume) }),
    },
    {
      ...{ name: "nifti_slice", what: `axial slices of an opened ${voxels}, upright, scaled`, unit: "slices/s" },
      ...{ files: [volume], reader: "nibabel_slice" },
      begin: () => beginSlices(volume),
    },
    await npyCase(),
    await matlabCase(),
  ];
}

type Common = Pick<FormatCase, "name" | "what">;

async function drawn(draw: (number: number) => Promise<Uint8Array>): Promise<readonly Uint8Array[]> {
  return Promise.all(Array.from({ length: filesEach }, (_, number) => draw(number)));
}

async function imageCase(
  name: string,
  what: string,
  draw: (number: number) => Promise<Uint8Array>,
): Promise<FormatCase> {
  const files = await drawn(draw);
  const decode = async (bytes: Uint8Array): Promise<engine.RawValues> => (await decodeImage(bytes, name)).data;
  return eachFile({ name, what }, "pillow", files, decode);
}

async function tiffCase(): Promise<FormatCase> {
  const common = { name: "tiff", what: `TIFF ${radiograph}, 16 bits, LZW with differences` };
  return eachFile(common, "tifffile", await drawn(drawTiff), async (bytes) => {
    const { readPage } = await engine.openTiff(bytes, common.name);
    return (await readPage(0)).data;
  });
}

async function npyCase(): Promise<FormatCase> {
  const common = { name: "npy", what: `.npy of ${slice}, float64` };
  return eachFile(common, "numpy", await drawn(async (number) => drawNpy(number)), async (bytes) => {
    return engine.readNpyImage(bytes, common.name).data;
  });
}

async function matlabCase(): Promise<FormatCase> {
  const common = { name: "matlab73", what: `MATLAB v7.3 file with a matrix of ${slice}, 16 bits, deflate` };
  return eachFile(common, "h5py", await drawn(drawMatlab), async (bytes) => {
    const file = await engine.openHdf5(bytes, common.name);
    return (await file.readMatrix(matlabImage)).data;
  });
}

function eachFile(
  common: Common,
  reader: FormatCase["reader"],
  files: readonly Uint8Array[],
  decode: (bytes: Uint8Array) => Promise<engine.RawValues>,
): FormatCase {
  const begin = (): Promise<Decoding> => Promise.resolve(decodeEach(files, decode));
  return { ...common, unit: "images/s", files, reader, begin };
}

function openVolume(bytes: Uint8Array): ReturnType<typeof engine.openNifti> {
  return engine.openNifti(bytes, "volume.nii.gz");
}

async function allSlices(bytes: Uint8Array): Promise<readonly engine.RawValues[]> {
  const volume = await openVolume(bytes);
  return Array.from({ length: volume.sliceCount("axial") }, (_, index) => volume.slice("axial", index).data);
}

async function beginSlices(bytes: Uint8Array): Promise<Decoding> {
  const volume = await openVolume(bytes);
  const slices = volume.sliceCount("axial");
  return {
    decode: (turn) => Promise.resolve(volume.slice("axial", turn % slices)),
    first: () => Promise.resolve([volume.slice("axial", 0).data]),
  };
}
