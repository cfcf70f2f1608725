import { describe, expect, test } from "vitest";
import type { RawImage } from "../../images/raw-image.ts";
import {
  dicomBytesOf,
  readDicomFixture,
  type DicomCase,
} from "../../../../../tests/ops/reference/dicom_files-fixture.ts";
import { isDicom, openDicom, type DicomFile } from "./open-dicom.ts";
import { openStoredFrames } from "./open-stored-frames.ts";

const { cases } = readDicomFixture();

describe("openDicom", () => {
  test.each(cases)("reads the values that were stored: $name", async (expected) => {
    const { layout, readStored } = await openStoredFrames(dicomBytesOf(expected), expected.name);
    expect(layout.frames).toBe(expected.frames.length);
    for (const [frame, values] of expected.frames.entries()) {
      const stored = await readStored(frame);
      expect(typeName(stored.values)).toBe(expected.type);
      expect(stored.values.length).toBe(values.length);
      expect(worstDifference(stored.values, values)).toBeLessThanOrEqual(expected.levels ?? 0);
    }
  });

  test.each(cases.filter(({ units }) => units !== undefined))("gives the modality's units: $name", async (expected) => {
    const { data } = await readFirst(expected);
    const isFraction = expected.units!.some((value) => !Number.isInteger(value));
    expect(data instanceof Float32Array).toBe(isFraction);
    expect([...data]).toEqual(expected.units!.map((value) => (isFraction ? Math.fround(value) : value)));
  });

  test.each(cases.filter(({ rgb }) => rgb !== undefined))("applies a palette: $name", async (expected) => {
    const image = await readFirst(expected);
    expect(image.channels).toBe(3);
    expect([...image.data]).toEqual(expected.rgb);
    expect(image.display).toBeNull();
  });

  test("gives the frames of an enhanced image each its own units and window", async () => {
    const expected = caseOf("enhanced");
    const file = await open(expected);
    expect(file.frames).toBe(3);
    for (const frame of [2, 0, 1]) {
      const { data, display } = await file.readFrame(frame);
      expect([...data]).toEqual(expected.frameUnits![frame]);
      const [center, width] = expected.windows![frame]!;
      expect(display).toEqual({ voi: { kind: "linear", center, width }, isInverted: false });
    }
  });

  test("refuses an enhanced image that describes fewer frames than it has", async () => {
    const bytes = Buffer.from(dicomBytesOf(caseOf("enhanced")));
    bytes.write("4 ", bytes.indexOf(Buffer.from("28000800495302", "hex")) + 8, "latin1");
    const problem = { code: "image-damaged", message: expect.stringContaining("describes 3 of them") as string };
    await expect(openDicom(bytes, "a.dcm", String)).rejects.toMatchObject(problem);
  });

  test("picks the smallest type that holds what the bits allow", async () => {
    const typeOf = async (name: string): Promise<string> => typeName((await readFirst(caseOf(name))).data);
    expect(await typeOf("window, linear")).toBe("int16");
    expect(await typeOf("rescale by a negative whole number")).toBe("int16");
    expect(await typeOf("rescale by fractions")).toBe("float32");
    expect(await typeOf("modality table")).toBe("uint16");
    expect(await typeOf("doubles")).toBe("float64");
  });

  test("says of a file what helps to sort it, and nothing else", async () => {
    const file = await open(caseOf("explicit little endian, 8 bits"), (text) => `#${text.length}`);
    expect(Object.keys(file).sort()).toEqual(
      ["channels", "frames", "height", "identity", "instanceNumber", "position", "readFrame", "width"].sort(),
    );
    expect([file.width, file.height, file.channels, file.frames]).toEqual([10, 7, 1, 1]);
    expect(file.instanceNumber).toBe(7);
    expect(file.identity).toEqual({ patient: "#11", study: "#12", series: "#12" });
    // Rows go along y, columns down z: the normal is -x.
    expect(file.position).toBeCloseTo(-10, 12);
  });

  test("places a slice whose place is said frame by frame, and none of several", async () => {
    expect((await open(caseOf("enhanced, one frame"))).position).toBe(-41.25);
    expect((await open(caseOf("enhanced"))).position).toBeNull();
  });

  test("reads a file without its preamble", async () => {
    const expected = caseOf("jpeg-ls, 8 bits");
    const bytes = dicomBytesOf(expected).subarray(132);
    expect(isDicom(bytes)).toBe(true);
    const { data } = await (await openDicom(bytes, "a.dcm", String)).readFrame(0);
    expect([...data]).toEqual(expected.frames[0]);
  });

  test("has no such frame", async () => {
    const file = await open(caseOf("several frames"));
    for (const frame of [-1, 3, 0.5, NaN]) await expect(file.readFrame(frame)).rejects.toThrow(RangeError);
  });

  test("reads frames in any order, and at the same time", async () => {
    const expected = caseOf("frames of several fragments by a basic offset table");
    const file = await open(expected);
    const order = [2, 0, 1, 2, 1, 0];
    const images = await Promise.all(order.map((frame) => file.readFrame(frame)));
    for (const [index, frame] of order.entries()) expect([...images[index]!.data]).toEqual(expected.frames[frame]);
  });

  test("leaves the bytes that it is given alone", async () => {
    for (const expected of cases) {
      const bytes = Buffer.concat([Buffer.alloc(3), dicomBytesOf(expected)]);
      const before = Buffer.from(bytes);
      const file = await openDicom(bytes.subarray(3), expected.name, String);
      const { data } = await file.readFrame(0);
      data.fill(1);
      expect(bytes.equals(before), expected.name).toBe(true);
    }
  });
});

describe("isDicom", () => {
  test("knows files and bare data sets by their first bytes", () => {
    for (const expected of cases) expect(isDicom(dicomBytesOf(expected).subarray(0, 200)), expected.name).toBe(true);
    for (const text of ["", "DICM", "\x89PNG\r\n\x1a\n", "P5 10 10 255 ", `${"\0".repeat(128)}DICOM`, "\x08\0\0\0"]) {
      expect(isDicom(Buffer.from(text, "latin1")), JSON.stringify(text)).toBe(false);
    }
    expect(isDicom(new Uint8Array(5000))).toBe(false);
  });
});

function caseOf(name: string): DicomCase {
  const found = cases.find((one) => one.name === name);
  if (found === undefined) throw new Error(`The fixture has no case ${name}.`);
  return found;
}

function open(expected: DicomCase, pseudonym: (text: string) => string = String): Promise<DicomFile> {
  return openDicom(dicomBytesOf(expected), expected.name, pseudonym);
}

async function readFirst(expected: DicomCase): Promise<RawImage> {
  return (await open(expected)).readFrame(0);
}

function worstDifference(found: ArrayLike<number>, expected: readonly number[]): number {
  return expected.reduce((worst, value, index) => Math.max(worst, Math.abs(value - (found[index] ?? Infinity))), 0);
}

/** As numpy calls it. */
function typeName(values: object): string {
  return values.constructor.name.replace("Array", "").toLowerCase();
}
