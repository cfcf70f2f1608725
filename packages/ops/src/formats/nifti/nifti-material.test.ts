import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { stepLengths } from "../volume/affine.ts";
import { scaledValues } from "../volume/voxel-grid.ts";
import { refusalOf } from "./nifti-testing/refusal-of.ts";
import { isNifti, openNifti } from "./open-nifti.ts";
import { readNifti } from "./read-nifti.ts";

const material = fileURLToPath(new URL("../../../../../../shared/material", import.meta.url));
const isAbsent = !existsSync(material);
if (isAbsent) console.warn("SKIPPED: NIfTI on real files, for want of ../shared/material.");

interface Golden {
  readonly affine: readonly (readonly number[])[];
  readonly zooms: readonly number[];
  readonly data: {
    readonly shape: readonly number[];
    readonly dtype: string;
    readonly min: number;
    readonly max: number;
    readonly mean: number;
    /** Of the scaled values, little-endian, the first axis slowest. */
    readonly sha256_le: string;
  };
}

/** Every other file of the folder, and what is said of it. */
const refused: Readonly<Record<string, RegExp>> = {
  COPYING: /no NIfTI file/,
  "analyze.hdr": /Analyze 7\.5/,
  "nifti1.hdr": /pair/,
  "nifti2.hdr": /pair/,
  "row_major.dconn.nii": /CIFTI/,
  "test.mgz": /FreeSurfer volume/,
};

describe.skipIf(isAbsent)("files that nibabel is tested with", () => {
  const golden = isAbsent ? {} : readGolden();
  const sound = Object.entries(golden).filter(([path]) => refused[path.split("/").at(-1)!] === undefined);

  test("are all decided", () => {
    const decided = [...sound.map(([path]) => path.split("/").at(-1)!), ...Object.keys(refused)];
    expect(sound).toHaveLength(13);
    for (const file of readdirSync(`${material}/nifti/nibabel`)) expect(decided).toContain(file);
  });

  test.each(sound)("%s has the voxels that nibabel reads", async (path, { affine, zooms, data }) => {
    const bytes = readFileSync(`${material}/${path}`);
    expect(isNifti(bytes)).toBe(true);
    const grid = await readNifti(bytes, path);
    expect([...grid.shape, ...(grid.frames > 1 ? [grid.frames] : [])]).toEqual(data.shape);
    affine.slice(0, 3).forEach((row, at) => {
      row.forEach((part, column) => expect(grid.affine[at]![column]).toBeCloseTo(part, 12));
    });
    stepLengths(grid.affine).forEach((size, axis) => expect(size).toBeCloseTo(zooms[axis]!, 5));
    const values = scaledValues(grid.values, grid.scaling);
    expect(values.constructor.name.toLowerCase()).toBe(`${typeName(data.dtype)}array`);
    expect(sha256(inRows(values, data.shape))).toBe(data.sha256_le);

    const volume = await openNifti(bytes, path);
    // The statistics of the golden file leave NaN out. One of the files is NaN where it was resampled from outside.
    const notFinite = path.endsWith("resampled_anat_moved.nii") ? 153 : 0;
    expect(volume.range()).toEqual({ low: data.min, high: data.max, notFinite });
    expect(volume.shape.toSorted()).toEqual(grid.shape.toSorted());
    let sum = 0;
    for (let frame = 0; frame < volume.frames; frame++) {
      for (let index = 0; index < volume.sliceCount("sagittal"); index++) {
        for (const value of volume.slice("sagittal", index, frame).data) sum += Number.isNaN(value) ? 0 : value;
      }
    }
    expect(sum / (values.length - notFinite) / data.mean).toBeCloseTo(1, 12);
  });

  test.each(Object.entries(refused))("%s is refused", async (file, shown) => {
    const bytes = readFileSync(`${material}/nifti/nibabel/${file}`);
    const error = await refusalOf(openNifti(bytes, file));
    expect(error?.message).toMatch(shown);
    expect(error?.message).toContain(file);
  });
});

describe.skipIf(isAbsent)("the hippocampus volumes", () => {
  const names = (folder: string): string[] => (isAbsent ? [] : readdirSync(`${material}/msd-hippocampus/${folder}`));
  const open = (folder: string, name: string) =>
    openNifti(readFileSync(`${material}/msd-hippocampus/${folder}/${name}`), name);
  const labels = names("labels");
  const pairs = names("images").filter((name) => labels.includes(name));

  test("have labels of the same shape and spacing, with the values 0, 1 and 2", async () => {
    expect(pairs.length).toBeGreaterThan(50);
    for (const name of pairs) {
      const [image, label] = [await open("images", name), await open("labels", name)];
      expect(label.shape, name).toEqual(image.shape);
      expect(label.spacing, name).toEqual(image.spacing);
      expect(label.range(), name).toEqual({ low: 0, high: 2, notFinite: 0 });
      expect(image.range().notFinite, name).toBe(0);
    }
  });

  test("have the head of the hippocampus (1) before its body and tail (2)", async () => {
    for (const name of pairs) {
      const volume = await open("labels", name);
      const centres = [1, 2].map((label) => {
        let [sum, count] = [0, 0];
        for (let index = 0; index < volume.sliceCount("coronal"); index++) {
          const found = volume.slice("coronal", index).data.filter((value) => value === label).length;
          sum += found * index;
          count += found;
        }
        return sum / count;
      });
      expect(centres[0], name).toBeGreaterThan(centres[1]!);
    }
  });
});

function readGolden(): Readonly<Record<string, Golden>> {
  // Python writes NaN, which JSON does not know.
  const text = readFileSync(`${material}/nifti/golden_nibabel.json`, "utf8").replaceAll(/\bNaN\b/g, "null");
  return JSON.parse(text) as Readonly<Record<string, Golden>>;
}

/** NumPy's name of a type, its byte order left out: `>i2` is int16. */
function typeName(dtype: string): string {
  const short = /^[<>]([if])(\d)$/.exec(dtype);
  return short === null ? dtype : `${short[1] === "f" ? "float" : "int"}${8 * Number(short[2])}`;
}

/** With the last axis fastest instead of the first. */
function inRows<T extends ReturnType<typeof scaledValues>>(values: T, shape: readonly number[]): T {
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, side) => product * side, 1));
  const turned = values.slice() as T;
  for (let index = 0; index < turned.length; index++) {
    let [rest, source] = [index, 0];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      source += (rest % shape[axis]!) * strides[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    turned[index] = values[source]!;
  }
  return turned;
}

function sha256(values: ReturnType<typeof scaledValues>): string {
  return createHash("sha256")
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest("hex");
}
