import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { randomFrom } from "../../../../../tests/random/random-from.ts";
import { OpError } from "../../op-error.ts";
import { openHdf5 } from "./open-hdf5.ts";

const fixture = new URL("../../../../../tests/ops/reference/hdf5-files.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(fixture, "utf8")) as {
  readonly cases: Readonly<Record<string, { readonly base64: string }>>;
};
const flipped = ["brain tumour", "brain tumour, packed", "types, oldest form"];
const good = Buffer.from(cases["brain tumour"]!.base64, "base64");

describe("hostile HDF5 files", () => {
  test.each([
    ["empty", new Uint8Array(), "hdf5-unsupported", "it is no HDF5 file"],
    ["of another format", Buffer.from("no data at all"), "hdf5-unsupported", "it is no HDF5 file"],
    ["a signature alone", good.subarray(512, 520), "hdf5-damaged", "cut short or corrupt"],
    ["MATLAB's header alone", good.subarray(0, 512), "hdf5-damaged", "it ends behind the header of MATLAB"],
    ["MATLAB 5", matlab5(), "hdf5-unsupported", "version 5 (MATLAB 5 to 7.2), not HDF5"],
  ])("a file that is %s", async (_, bytes, code, message) => {
    await expect(openHdf5(bytes, "1.mat")).rejects.toMatchObject({
      code,
      message: expect.stringMatching(/^1\.mat cannot be read: /) as string,
    });
    await expect(openHdf5(bytes, "1.mat")).rejects.toThrow(message);
  });

  test("tells how a file of MATLAB 5 is converted", async () => {
    await expect(openHdf5(matlab5(), "1.mat")).rejects.toMatchObject({
      hint: expect.stringContaining("save(FILE, '-v7.3')") as string,
    });
  });

  test("cut short, wherever it is cut", async () => {
    for (const share of [0.1, 0.3, 0.5, 0.7, 0.9, 0.999]) {
      const cut = good.subarray(0, Math.floor(good.length * share));
      await expect(openHdf5(cut, "1.mat"), String(share)).rejects.toMatchObject({ code: "hdf5-damaged" });
    }
    await expectGoodFile();
  });

  test("damaged files among good ones, all at once", async () => {
    const damaged = Buffer.from(good).fill(0xff, 1600, 2600);
    const results = await Promise.allSettled(
      [damaged, good, damaged, good, good].map(async (bytes) => {
        const file = await openHdf5(bytes, "1.mat");
        return file.readText("cjdata/PID");
      }),
    );
    expect(results.map((result) => (result.status === "fulfilled" ? result.value : "refused"))).toEqual([
      ...["refused", "MR0417é", "refused", "MR0417é", "MR0417é"],
    ]);
  });

  test.each(flipped)("random bits changed: %s", async (name) => {
    const outcomes = { read: 0, refused: 0 };
    const random = randomFrom(20_241);
    for (let round = 0; round < 6; round++) {
      const bytes = Buffer.from(cases[name]!.base64, "base64");
      for (let flip = 0; flip < 8; flip++) {
        const at = Math.floor(random() * bytes.length);
        bytes[at] = bytes[at]! ^ (1 << Math.floor(random() * 8));
      }
      await readEverything(bytes, outcomes);
    }
    expect(outcomes.read).toBeGreaterThan(0);
    expect(outcomes.refused).toBeGreaterThan(0);
    await expectGoodFile();
  });
});

/** Whatever comes of it, nothing but an OpError is thrown. */
async function readEverything(bytes: Uint8Array, outcomes: { read: number; refused: number }): Promise<void> {
  const count = async (reading: Promise<unknown>): Promise<void> => {
    try {
      await reading;
      outcomes.read += 1;
    } catch (error) {
      expect(error).toBeInstanceOf(OpError);
      outcomes.refused += 1;
    }
  };
  const file = await openHdf5(bytes, "flipped.h5").catch((error: unknown) => {
    expect(error).toBeInstanceOf(OpError);
    outcomes.refused += 1;
    return null;
  });
  for (const path of file?.dataSets ?? []) {
    await count(file!.readNumbers(path));
    await count(file!.readText(path));
  }
}

async function expectGoodFile(): Promise<void> {
  const file = await openHdf5(good, "good.mat");
  expect(await file.readText("cjdata/PID")).toBe("MR0417é");
  expect(await file.readMatrix("cjdata/label")).toEqual({ shape: [1, 1], data: Float64Array.of(2) });
}

function matlab5(): Uint8Array {
  const bytes = Buffer.alloc(200);
  bytes.write("MATLAB 5.0 MAT-file, Platform: PCWIN64".padEnd(124));
  bytes.writeUInt16LE(0x0100, 124);
  bytes.write("IM", 126);
  return bytes;
}
