import { describe, expect, it } from "vitest";
import { decodeSafetensors, encodeSafetensors, type SafetensorsFile } from "./safetensors.ts";

const file: SafetensorsFile = {
  tensors: new Map([
    ["weight", { shape: [2, 2], data: Float32Array.of(1.5, -0, NaN, Infinity) }],
    // JSON puts a name that is a number before the others.
    ["12", { shape: [], data: BigInt64Array.of(-(2n ** 40n)) }],
    ["none", { shape: [0, 3], data: new Float32Array() }],
    ["double", { shape: [1], data: Float64Array.of(0.1) }],
    ["läsion", { shape: [3], data: Int32Array.of(1, -2, 3) }],
  ]),
  metadata: { step: "3", note: 'a "text"' },
};

/** A file with a header of any text. */
function fileOf(header: string, data: Uint8Array = new Uint8Array()): Uint8Array {
  const text = Buffer.from(header, "utf8");
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, data]);
}

function headerOf(tensors: Readonly<Record<string, readonly [dtype: string, shape: unknown, place: unknown]>>): string {
  const entries = Object.entries(tensors).map(([name, [dtype, shape, place]]) => {
    return [name, { dtype, shape, data_offsets: place }] as const;
  });
  return JSON.stringify(Object.fromEntries(entries));
}

describe("encodeSafetensors", () => {
  it("gives back what it was given, in its order, and equal bytes for equal files", () => {
    const bytes = encodeSafetensors(file);
    const found = decodeSafetensors(bytes);
    expect([...found.tensors]).toEqual([...file.tensors]);
    expect(Object.is((found.tensors.get("weight")!.data as Float32Array)[1], -0)).toBe(true);
    expect(found.metadata).toEqual(file.metadata);
    expect(encodeSafetensors(found)).toEqual(bytes);
  });

  it("begins with the length of a header of JSON, padded with spaces such that data begin at a multiple of 8", () => {
    for (const name of ["a", "ab", "abc", "abcd"]) {
      const bytes = encodeSafetensors({
        tensors: new Map([[name, { shape: [1], data: Int32Array.of(7) }]]),
        metadata: {},
      });
      const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
      expect(length % 8).toBe(0);
      expect(
        Buffer.from(bytes.subarray(8, 8 + length))
          .toString()
          .trimEnd(),
      ).toBe(`{"__metadata__":{},"${name}":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}}`);
      expect([...bytes.subarray(8 + length)]).toEqual([7, 0, 0, 0]);
    }
  });

  it("refuses what it could not read again", () => {
    const one = (name: string, shape: readonly number[]) => () =>
      encodeSafetensors({ tensors: new Map([[name, { shape, data: Float32Array.of(1, 2) }]]), metadata: {} });
    expect(one("w", [3])).toThrow("The tensor w has 2 values for the shape [3].");
    expect(one("__metadata__", [2])).toThrow("cannot be called __metadata__");
  });
});

describe("decodeSafetensors", () => {
  // By Python's safetensors 0.8.0: safetensors.numpy.save({"b": np.array([[1], [2**40]]), "12": np.array([1.5, -2], "float32"),
  // "a": np.array(0.1), "none": np.zeros((0, 3), "int32")}, {"step": "3"})
  const python = Buffer.from(
    [
      "AAEAAAAAAAB7Il9fbWV0YWRhdGFfXyI6eyJzdGVwIjoiMyJ9LCJiIjp7ImR0eXBlIjoiSTY0Iiwic2hhcGUiOlsyLDFdLCJkYXRh",
      "X29mZnNldHMiOlswLDE2XX0sImEiOnsiZHR5cGUiOiJGNjQiLCJzaGFwZSI6W10sImRhdGFfb2Zmc2V0cyI6WzE2LDI0XX0sIjEy",
      "Ijp7ImR0eXBlIjoiRjMyIiwic2hhcGUiOlsyXSwiZGF0YV9vZmZzZXRzIjpbMjQsMzJdfSwibm9uZSI6eyJkdHlwZSI6IkkzMiIs",
      "InNoYXBlIjpbMCwzXSwiZGF0YV9vZmZzZXRzIjpbMzIsMzJdfX0gAQAAAAAAAAAAAAAAAAEAAJqZmZmZmbk/AADAPwAAAMA=",
    ].join(""),
    "base64",
  );

  it.each([
    ["bytes", new Uint8Array(python)],
    ["a view into others", new Uint8Array(Buffer.concat([Buffer.alloc(3), python])).subarray(3)],
    ["a buffer of Node", python],
  ])("reads a file that Python wrote, from %s", (_, bytes) => {
    const { tensors, metadata } = decodeSafetensors(bytes);
    expect(metadata).toEqual({ step: "3" });
    expect(Object.fromEntries(tensors)).toEqual({
      12: { shape: [2], data: Float32Array.of(1.5, -2) },
      a: { shape: [], data: Float64Array.of(0.1) },
      b: { shape: [2, 1], data: BigInt64Array.of(1n, 2n ** 40n) },
      none: { shape: [0, 3], data: new Int32Array() },
    });
  });

  it("reads a header in any order, and one without texts", () => {
    const header = headerOf({ second: ["I32", [1], [4, 8]], empty: ["F32", [0], [4, 4]], first: ["I32", [], [0, 4]] });
    const { tensors, metadata } = decodeSafetensors(fileOf(`${header}   `, Uint8Array.of(1, 0, 0, 0, 2, 0, 0, 0)));
    expect([...tensors.keys()]).toEqual(["first", "empty", "second"]);
    expect(tensors.get("second")!.data).toEqual(Int32Array.of(2));
    expect(metadata).toEqual({});
    expect(decodeSafetensors(fileOf("{}")).tensors.size).toBe(0);
  });

  it("refuses a file that is cut short, wherever", () => {
    const bytes = encodeSafetensors(file);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => decodeSafetensors(bytes.subarray(0, length)), String(length)).toThrow("the file is cut short");
    }
    const huge = Uint8Array.from({ length: 32 }, () => 0xff);
    expect(() => decodeSafetensors(huge)).toThrow("the file is cut short, or is no safetensors file");
  });

  it.each([
    ["bytes after the last tensor", headerOf({ w: ["I32", [1], [0, 4]] }), "bytes follow its last tensor"],
    ["an overlap", headerOf({ v: ["I32", [1], [0, 4]], w: ["I32", [1], [2, 6]] }), "the tensor w does not lie where"],
    ["a gap", headerOf({ v: ["I32", [1], [0, 4]], w: ["I32", [0], [5, 5]] }), "the tensor w does not lie where"],
    ["a gap at the start", headerOf({ w: ["I32", [1], [4, 8]] }), "the tensor w does not lie where"],
    ["a shape of another size", headerOf({ w: ["I32", [3], [0, 8]] }), "the tensor w does not lie where"],
    ["a reversed range", headerOf({ w: ["I32", [0], [8, 0]] }), "the tensor w does not lie where"],
    ["another type", headerOf({ w: ["BOOL", [8], [0, 8]] }), "the tensor w is of type BOOL"],
    ["a type that objects know", headerOf({ w: ["toString", [4], [0, 8]] }), "the tensor w is of type toString"],
    ["negative sizes", headerOf({ w: ["I32", [-1, -2], [0, 8]] }), "does not say what the tensor w is"],
    ["no shape", headerOf({ w: ["I32", null, [0, 8]] }), "does not say what the tensor w is"],
    ["half a range", headerOf({ w: ["I32", [2], [0]] }), "does not say what the tensor w is"],
    ["no entry", '{"w":null}', "does not say what the tensor w is"],
    ["texts that are numbers", '{"__metadata__":{"step":3}}', "its __metadata__ are no texts"],
    ["invalid JSON", '{"w":', "its header is no JSON object"],
    ["a list", "[]", "its header is no JSON object"],
    ["JSON after a space", " {}", "its header is no JSON object"],
  ])("refuses %s", (_, header, message) => {
    expect(() => decodeSafetensors(fileOf(header, new Uint8Array(8)))).toThrow(message);
  });
});
