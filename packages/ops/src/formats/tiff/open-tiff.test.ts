import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { isTiff } from "./is-tiff.ts";
import { openTiff } from "./open-tiff.ts";

interface ExpectedPage {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** NumPy's name of the type. */
  readonly type: string;
  /** Texts are NaN and the infinities. */
  readonly values: readonly (number | string)[];
}

interface Case {
  readonly name: string;
  readonly base64: string;
  readonly pages: readonly ExpectedPage[];
  readonly tolerance: number;
}

interface Fixture {
  readonly cases: readonly Case[];
  readonly refused: Readonly<Record<string, { readonly base64: string; readonly message: string }>>;
}

const fixture = new URL("../../../../../tests/ops/reference/tiff-files.json", import.meta.url);
const { cases, refused } = JSON.parse(readFileSync(fixture, "utf8")) as Fixture;

describe("openTiff", () => {
  test.each(cases)("reads the pixels that the reference reads: $name", async ({ base64, pages, tolerance }) => {
    const bytes = Buffer.from(base64, "base64");
    const tiff = await openTiff(bytes, "scan.tif");
    const [first] = pages;
    expect(tiff).toMatchObject({
      ...{ pages: pages.length, width: first!.width, height: first!.height, channels: first!.channels },
    });
    for (const index of [...pages.keys(), ...pages.keys()].reverse()) {
      const { type, values, ...size } = pages[index]!;
      const page = await tiff.readPage(index);
      expect(page).toMatchObject({ ...size, display: null });
      expect(page.data.constructor.name.toLowerCase()).toBe(`${type}array`);
      const expected = values.map(numberOf);
      if (tolerance === 0) expect([...page.data]).toEqual(expected);
      const differences = expected.map((value, place) => Math.abs(value - page.data[place]!));
      if (tolerance > 0) expect(Math.max(...differences)).toBeLessThanOrEqual(tolerance);
      expect(page.data.length).toBe(values.length);
    }
    // The file is the caller's: nothing in it is changed.
    expect(bytes.toString("base64")).toBe(base64);
  });

  test.each(Object.entries(refused))("refuses %s", async (_, { base64, message }) => {
    const reading = async (): Promise<unknown> =>
      (await openTiff(Buffer.from(base64, "base64"), "scan.tif")).readPage(0);
    await expect(reading()).rejects.toMatchObject({
      code: "image-unsupported",
      message: expect.stringMatching(`^scan\\.tif cannot be used: .*${message.replaceAll("*", "\\*")}`) as string,
    });
  });

  test("takes no page that is not there", async () => {
    const { base64 } = cases.find(({ name }) => name === "pages of different kinds")!;
    const tiff = await openTiff(Buffer.from(base64, "base64"), "scan.tif");
    await expect(tiff.readPage(3)).rejects.toThrow("scan.tif has no page 3; it has 3.");
    await expect(tiff.readPage(-1)).rejects.toThrow("no page -1");
  });
});

describe("isTiff", () => {
  test("knows both forms in both byte orders", () => {
    expect(cases.every(({ base64 }) => isTiff(Buffer.from(base64, "base64")))).toBe(true);
    expect(["II*", "MM*\0", "II,\0", "IM*\0", ""].map((text) => isTiff(Buffer.from(text, "latin1")))).toEqual([
      ...[false, false, false, false, false],
    ]);
  });
});

function numberOf(value: number | string): number {
  if (value === "inf") return Infinity;
  return value === "-inf" ? -Infinity : Number(value);
}
