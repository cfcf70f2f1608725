import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { RawValues } from "../../images/raw-image.ts";
import { isHdf5 } from "./is-hdf5.ts";
import { openHdf5 } from "./open-hdf5.ts";
import type { Hdf5Numbers } from "./read-numbers.ts";

interface Expected {
  readonly shape: readonly number[];
  /** NumPy's name. */
  readonly type: string;
  /** Null is NaN. */
  readonly values: readonly (number | null)[];
}

interface Case {
  readonly base64: string;
  readonly numbers: Readonly<Record<string, Expected>>;
  readonly matrices?: Readonly<Record<string, Expected>>;
  readonly texts: Readonly<Record<string, string>>;
  readonly absent?: readonly string[];
  /** By data set and by what it is read as; null for any message. */
  readonly refused: Readonly<Record<string, Partial<Record<"numbers" | "matrix" | "text", string | null>>>>;
}

const fixture = new URL("../../../../../tests/ops/reference/hdf5-files.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(fixture, "utf8")) as { cases: Readonly<Record<string, Case>> };

describe.each(Object.entries(cases))("openHdf5: %s", (_, expected) => {
  const bytes = Buffer.from(expected.base64, "base64");

  test("reads the numbers that h5py reads", async () => {
    const file = await openHdf5(bytes, "1.mat");
    for (const [path, values] of Object.entries(expected.numbers)) {
      expect(described(await file.readNumbers(path)), path).toEqual(inOurTypes(values));
      expect(file.dataSets).toContain(path);
    }
  });

  test("reads matrices as MATLAB shows them", async () => {
    const file = await openHdf5(bytes, "1.mat");
    for (const [path, values] of Object.entries(expected.matrices ?? {})) {
      expect(described(await file.readMatrix(path)), path).toEqual(inOurTypes(values));
    }
  });

  test("reads texts", async () => {
    const file = await openHdf5(bytes, "1.mat");
    for (const [path, text] of Object.entries(expected.texts)) expect(await file.readText(path), path).toBe(text);
  });

  test("refuses the rest, and stays usable", async () => {
    const file = await openHdf5(bytes, "1.mat");
    for (const [path, kinds] of Object.entries(expected.refused)) {
      for (const [kind, message] of Object.entries(kinds)) {
        const reads = {
          numbers: () => file.readNumbers(path),
          matrix: () => file.readMatrix(path),
          text: () => file.readText(path),
        };
        await expect(reads[kind as keyof typeof reads](), `${path} as ${kind}`).rejects.toMatchObject({
          name: "OpError",
          message: expect.stringContaining(message ?? "1.mat") as string,
        });
      }
    }
    for (const path of expected.absent ?? ["nowhere"]) {
      await expect(file.readNumbers(path), path).rejects.toMatchObject({ code: "hdf5-missing" });
    }
    const [path, values] = Object.entries(expected.numbers)[0]!;
    expect(described(await file.readNumbers(`/${path}`))).toEqual(inOurTypes(values));
  });
});

describe("isHdf5", () => {
  test("knows the signature at the start and behind a user block", () => {
    const plain = Buffer.from(cases["types, newest form"]!.base64, "base64");
    const withBlock = Buffer.from(cases["brain tumour"]!.base64, "base64");
    expect([isHdf5(plain), isHdf5(withBlock), isHdf5(Buffer.concat([Buffer.alloc(2048), plain]))]).toEqual([
      true,
      true,
      true,
    ]);
    expect([isHdf5(plain.subarray(1)), isHdf5(plain.subarray(0, 7)), isHdf5(new Uint8Array())]).toEqual([
      false,
      false,
      false,
    ]);
  });
});

function described({ shape, data }: Hdf5Numbers): { shape: readonly number[]; type: string; values: number[] } {
  return { shape, type: nameOf(data), values: [...data] };
}

/** What becomes of NumPy's types here. */
function inOurTypes({ shape, type, values }: Expected): ReturnType<typeof described> {
  const widened: Readonly<Record<string, string>> = {
    ...{ bool: "Int8Array", float16: "Float32Array", int64: "Float64Array", uint64: "Float64Array" },
  };
  const own = `${type.charAt(0).toUpperCase()}${type.slice(1)}Array`;
  return { shape, type: widened[type] ?? own, values: values.map((value) => value ?? NaN) };
}

function nameOf(data: RawValues): string {
  return data.constructor.name;
}
