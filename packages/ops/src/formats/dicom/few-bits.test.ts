import { describe, expect, it, test } from "vitest";
import {
  dicomFile,
  element,
  imageElements,
  text,
  us,
  type ImageChanges,
} from "../../../../../tests/ops/dicom-testing.ts";
import { fileWindow } from "../../images/window/window.ts";
import { readImageFile } from "../read-image-file.ts";

describe("values of fewer bits than what they are kept in fill the greys from black to white", () => {
  const whole = Array.from({ length: 16 }, (_, index) => index);
  const rescale = (slope: string, intercept: string): readonly Buffer[] => [
    text(0x0028, 0x1052, "DS", intercept),
    text(0x0028, 0x1053, "DS", slope),
  ];

  test.each<[string, ImageChanges, readonly Buffer[]]>([
    ["as they are stored", { stored: 4 }, []],
    ["in Hounsfield units", { stored: 4 }, rescale("1", "-1024")],
    ["beside a higher lowest value", { stored: 4 }, rescale("1", "100")],
    ["after a factor that leaves them in eight bits", { stored: 4 }, rescale("4", "0")],
    ["after a factor that does not", { stored: 4 }, rescale("32", "0")],
    ["as fractions", { stored: 4 }, rescale("0.01", "0")],
  ])("%s", async (_, changes, more) => {
    const { data } = await readImageFile(dicomFile(imageElements(changes, more)), "scan.dcm", fileWindow);
    expect([...data].map((value) => Math.round(value * 15 * 1000) / 1000)).toEqual(whole);
  });

  it("also where a table makes units of them", async () => {
    const entries = Buffer.from(whole.map((index) => 15 - index));
    const item = Buffer.concat([
      us3(0x0028, 0x3002, [16, 0, 4]),
      element(0x0028, 0x3006, "OW", Buffer.concat([...entries].map((entry) => Buffer.from([entry, 0])))),
    ]);
    const header = Buffer.from("feff00e000000000", "hex");
    header.writeUInt32LE(item.length, 4);
    const table = element(0x0028, 0x3000, "SQ", Buffer.concat([header, item]));
    const { data } = await readImageFile(dicomFile(imageElements({}, [table])), "scan.dcm", fileWindow);
    expect([...data].map((value) => Math.round(value * 15))).toEqual([...whole].reverse());
  });

  test.each([
    ["4 of 8", { bits: 8, stored: 4 }],
    ["12 of 16", { bits: 16, stored: 12 }],
    ["8 of 16", { bits: 16, stored: 8 }],
  ])("colours of %s bits", async (_, { bits, stored }) => {
    const most = 2 ** stored - 1;
    const samples = [0, most, most, 0, 0, most, most, 0, 0, 0, 0, 0];
    const bytes = Buffer.concat(samples.map((value) => Buffer.from([value & 255, value >> 8].slice(0, bits / 8))));
    const elements = imageElements({ rows: 2, columns: 2, bits, stored, samples: 3, photometric: "RGB" });
    const pixels = element(0x7fe0, 0x0010, "OW", bytes);
    const file = dicomFile([...elements.slice(0, -1), us(0x0028, 0x0006, 0), pixels]);
    const { data } = await readImageFile(file, "scan.dcm", fileWindow);
    expect([...data]).toEqual(samples.map((value) => value / most));
  });

  test.each([
    [6, 63],
    [12, 4095],
  ])("colours of a palette of %d bits", async (bits, most) => {
    const ramp = Buffer.concat(
      whole.map((index) => Buffer.from(Uint16Array.of(Math.round((index * most) / 15)).buffer)),
    );
    const palette = [0, 1, 2].flatMap((colour) => [
      us3(0x0028, 0x1101 + colour, [16, 0, bits]),
      element(0x0028, 0x1201 + colour, "OW", ramp),
    ]);
    const elements = imageElements({ photometric: "PALETTE COLOR" }, palette);
    const { data } = await readImageFile(dicomFile(elements), "scan.dcm", fileWindow);
    expect([...data]).toEqual(
      whole.flatMap((index) => {
        const grey = Math.fround(Math.round((index * most) / 15) / most);
        return [grey, grey, grey];
      }),
    );
  });
});

it("colours that fill their bits stay as they are", async () => {
  const elements = imageElements({ rows: 2, columns: 2, samples: 3, photometric: "RGB" });
  const file = dicomFile([
    ...elements.slice(0, -1),
    us(0x0028, 0x0006, 0),
    element(0x7fe0, 0x0010, "OB", Buffer.alloc(12, 7)),
  ]);
  const { data } = await readImageFile(file, "scan.dcm", fileWindow);
  expect(data).toEqual(new Uint8Array(12).fill(7));
});

function us3(group: number, number: number, values: readonly number[]): Buffer {
  return element(group, number, "US", Buffer.concat(values.map((value) => Buffer.from([value & 255, value >> 8]))));
}
