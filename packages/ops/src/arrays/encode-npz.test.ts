import { unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { encodeNpy, encodeNpz } from "./encode-npz.ts";

describe("encodeNpy", () => {
  it("writes numbers with a header whose data begins at a multiple of 64", () => {
    const bytes = encodeNpy({ shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6.5) });
    const text = Buffer.from(bytes).toString("latin1");
    expect(text.slice(1, 6)).toBe("NUMPY");
    const headerLength = new DataView(bytes.buffer).getUint16(8, true);
    expect((10 + headerLength) % 64).toBe(0);
    expect(text.slice(10, 10 + headerLength).trim()).toBe(
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
    );
    expect(text[10 + headerLength - 1]).toBe("\n");
    expect([...new Float32Array(bytes.slice(10 + headerLength).buffer)]).toEqual([1, 2, 3, 4, 5, 6.5]);
  });

  it("writes strings as fixed-width UTF-32, astral characters as one", () => {
    const bytes = encodeNpy({ strings: ["a", "läsion", "𝒳"] });
    const headerLength = new DataView(bytes.buffer).getUint16(8, true);
    expect(Buffer.from(bytes).toString("latin1")).toContain("'descr': '<U6'");
    const points = [...new Uint32Array(bytes.slice(10 + headerLength).buffer)];
    expect(points).toHaveLength(18);
    expect(String.fromCodePoint(...points.slice(6, 12))).toBe("läsion");
    expect(points.slice(12)).toEqual([0x1d4b3, 0, 0, 0, 0, 0]);
  });

  it("refuses a shape that does not fit the data", () => {
    expect(() => encodeNpy({ shape: [2, 2], data: Int32Array.of(1, 2, 3) })).toThrow(/4 values, but 3/);
  });
});

describe("encodeNpz", () => {
  it("gives the same bytes for the same arrays, one entry per array", () => {
    const arrays = { labels: { shape: [2], data: Int32Array.of(0, 1) }, names: { strings: ["x", "yy"] } };
    expect(encodeNpz(arrays)).toEqual(encodeNpz(arrays));
    expect(Object.keys(unzipSync(encodeNpz(arrays)))).toEqual(["labels.npy", "names.npy"]);
  });
});
