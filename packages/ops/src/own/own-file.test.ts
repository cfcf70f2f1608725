import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { npyBytes } from "../../../../tests/ops/npy-testing.ts";
import { OpError } from "../op-error.ts";
import { openOwnFile } from "./own-file.ts";

interface Expected {
  readonly shape: readonly number[];
  readonly values: readonly (number | string)[];
}

const reference = new URL("../../../../tests/ops/reference/", import.meta.url);
const pathOf = (name: string): string => fileURLToPath(new URL(`own/${name}`, reference));
const { numpy, torch, arrow, codecs } = JSON.parse(
  await readFile(fileURLToPath(new URL("own_files.json", reference)), "utf8"),
) as {
  readonly numpy: Readonly<Record<string, Expected>>;
  readonly torch: Readonly<Record<string, Expected>>;
  readonly arrow: Readonly<Record<string, Expected>>;
  readonly codecs: readonly string[];
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "own-file-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function expectArrays(path: string, expected: Readonly<Record<string, Expected>>): Promise<void> {
  const own = await openOwnFile(path);
  for (const [name, { shape, values }] of Object.entries(expected)) {
    expect(own.names).toContain(name);
    const found = await own.load(name);
    expect([name, found.shape, Array.from<number | string>(found.values)]).toEqual([name, shape, values]);
  }
  await own.close();
}

async function load(path: string, name: string): Promise<unknown> {
  const own = await openOwnFile(path);
  try {
    return await own.load(name);
  } finally {
    await own.close();
  }
}

describe("a file that another library saved", () => {
  it("NumPy's archive gives what NumPy reads", () => expectArrays(pathOf("numpy.npz"), numpy));

  it("a safetensors file gives what torch reads, and a list of texts of its metadata", () =>
    expectArrays(pathOf("torch.safetensors"), torch));

  it.each(codecs)("a Parquet file with compression %s gives what pyarrow reads", (codec) =>
    expectArrays(pathOf(`arrow-${codec}.parquet`), arrow),
  );

  it("knows floats from whole numbers and texts", async () => {
    const own = await openOwnFile(pathOf("arrow-zstd.parquet"));
    const holds = async (name: string): Promise<string> => (await own.load(name)).holds;
    expect([await holds("whole"), await holds("half"), await holds("number"), await holds("id")]).toEqual([
      ...["floats", "floats", "integers", "strings"],
    ]);
    await own.close();
  });
});

describe("what is refused", () => {
  it.each([
    ["objects", "its elements are Python objects (pickle)"],
    ["fortran", "it is in Fortran order"],
    ["complex", "its elements are of type <c16"],
    ["big", "its elements are of type >f4"],
    ["records", "its elements are records"],
    ["huge", "its value 1152921504606846976 is too large"],
  ])("%s of NumPy", async (name, message) => {
    const loading = load(pathOf("numpy.npz"), name);
    await expect(loading).rejects.toThrow(`The array ${name} of numpy.npz cannot be read: ${message}`);
    await expect(loading).rejects.toThrow(OpError);
  });

  it("a column without a value in a row", () =>
    expect(load(pathOf("arrow-none.parquet"), "gap")).rejects.toThrow(
      "gap of arrow-none.parquet has no value in row 2",
    ));

  it("lists of several lengths", () =>
    expect(load(pathOf("arrow-none.parquet"), "ragged")).rejects.toThrow(
      "Row 2 of the column ragged of arrow-none.parquet has 2 values where the first row has 1",
    ));

  it("a column of moments", () =>
    expect(load(pathOf("arrow-none.parquet"), "when")).rejects.toThrow("holds neither numbers, nor texts"));

  it("a name of another format", async () => {
    await writeFile(join(folder, "rows.csv"), "a,b\n");
    await expect(openOwnFile(join(folder, "rows.csv"))).rejects.toThrow(
      "rows.csv is of no known format: its name should end in .npz, .safetensors, .parquet.",
    );
  });

  it.each([
    ["npz", "it has no zip directory"],
    ["safetensors", "the file is cut short, or is no safetensors file"],
    ["parquet", "it is damaged, or no Parquet file"],
  ])("another file under the name of a .%s file, and an empty one", async (extension, message) => {
    const path = join(folder, `wrong.${extension}`);
    for (const content of ["", "PAR1", "hello, this is no table at all, however long it may be. PAR1"]) {
      await writeFile(path, content);
      await expect(openOwnFile(path), content).rejects.toThrow(message);
    }
  });

  it("a file that is not there", async () => {
    for (const extension of ["npz", "safetensors", "parquet"]) {
      await expect(openOwnFile(join(folder, `none.${extension}`))).rejects.toThrow(
        `The file none.${extension} cannot be read (ENOENT).`,
      );
    }
  });

  it("shapes beyond all memory, and texts of nothing", async () => {
    const path = join(folder, "absurd.npz");
    const absurd = npyBytes("<f4", [1e9, 1e9], new Uint8Array(8));
    const nothing = npyBytes("<U0", [1e9], new Uint8Array(0));
    await writeFile(path, zipSync({ "absurd.npy": absurd, "nothing.npy": nothing }));
    await expect(load(path, "absurd")).rejects.toThrow("needs 4000000000000000000");
    await expect(load(path, "nothing")).rejects.toThrow("it holds 1000000000 empty texts");
  });
});

describe("a damaged file", () => {
  const damaged = async (name: string, damage: (bytes: Uint8Array) => Uint8Array): Promise<void> => {
    const path = join(folder, name);
    await writeFile(path, damage(new Uint8Array(await readFile(pathOf(name)))));
    try {
      const own = await openOwnFile(path);
      for (const array of own.names) await own.load(array).catch(expectOpError);
      await own.close();
    } catch (error) {
      expectOpError(error);
    }
  };
  const expectOpError = (error: unknown): void => {
    if (!(error instanceof OpError)) throw error;
  };
  const names = ["numpy.npz", "torch.safetensors", "arrow-none.parquet", "arrow-snappy.parquet", "arrow-zstd.parquet"];

  it.each(names)("%s that is cut short anywhere is the user's to mend", async (name) => {
    const { length } = await readFile(pathOf(name));
    for (let end = 0; end < length; end += 331) await damaged(name, (bytes) => bytes.subarray(0, end));
  });

  it.each(names)("%s with any byte changed gives an array or an error that the user can mend", async (name) => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.integer({ min: 1, max: 255 }), (place, change) =>
        damaged(name, (bytes) => {
          bytes[place % bytes.length]! ^= change;
          return bytes;
        }),
      ),
      { numRuns: 30, seed: 3 },
    );
  });
});
