import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeDocument, encodeDocument, type ArtifactDocument, type DocumentArray } from "./document-codec.ts";

const sample: ArtifactDocument = {
  kind: "sample",
  fields: { zeta: "Ω", alpha: [1, null, { b: true, a: -0.5 }] },
  arrays: { weights: Float64Array.of(1.5, -2), codes: Uint8Array.of(1, 2, 3) },
};

describe("encodeDocument", () => {
  it("lays the parts out as its comment says", () => {
    const bytes = encodeDocument(sample);
    const header =
      '{"arrays":[{"length":3,"name":"codes","type":"uint8"},{"length":2,"name":"weights","type":"float64"}],' +
      '"fields":{"alpha":[1,null,{"a":-0.5,"b":true}],"zeta":"Ω"},"kind":"sample"}';
    const headerBytes = Buffer.from(header);
    const start = 16 + Math.ceil(headerBytes.length / 8) * 8;
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    expect(Buffer.from(bytes.subarray(0, 8)).toString()).toBe("EXPDOC01");
    expect(view.getUint32(8, true)).toBe(headerBytes.length);
    expect(Buffer.from(bytes.subarray(16, 16 + headerBytes.length)).toString()).toBe(header);
    expect([...bytes.subarray(start, start + 8)]).toEqual([1, 2, 3, 0, 0, 0, 0, 0]);
    expect([view.getFloat64(start + 8, true), view.getFloat64(start + 16, true)]).toEqual([1.5, -2]);
    expect(bytes.length).toBe(start + 24);
  });

  it("gives equal bytes whatever the order of the keys", () => {
    const turned: ArtifactDocument = {
      kind: "sample",
      fields: { alpha: [1, null, { a: -0.5, b: true }], zeta: "Ω" },
      arrays: { codes: Uint8Array.of(1, 2, 3), weights: Float64Array.of(1.5, -2) },
    };
    expect(encodeDocument(turned)).toEqual(encodeDocument(sample));
  });

  it("refuses numbers that JSON would turn into null", () => {
    expect(() => encodeDocument({ kind: "sample", fields: { a: [Number.NaN] }, arrays: {} })).toThrow(/NaN/);
  });
});

describe("decodeDocument", () => {
  it("gives back what was encoded, from any offset in a buffer", () => {
    const arrays = fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), anyArray(), { maxKeys: 4 });
    const fields = fc.dictionary(
      fc.stringMatching(/^[A-Za-z]{1,5}$/),
      fc.oneof(fc.string(), fc.boolean(), fc.integer()),
    );
    fc.assert(
      fc.property(fields, arrays, fc.integer({ min: 0, max: 9 }), (someFields, someArrays, offset) => {
        const document = { kind: "sample", fields: { ...someFields }, arrays: { ...someArrays } };
        const bytes = encodeDocument(document);
        const shifted = new Uint8Array(bytes.length + offset);
        shifted.set(bytes, offset);
        expect(decodeDocument("sample", shifted.subarray(offset))).toEqual(document);
      }),
      { numRuns: 100 },
    );
  });

  it("notices every cut and every extra byte", () => {
    const bytes = encodeDocument(sample);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeDocument("sample", bytes.subarray(0, length))).toThrow(/cannot be read/);
    }
    const longer = new Uint8Array(bytes.length + 8);
    longer.set(bytes);
    expect(() => decodeDocument("sample", longer)).toThrow(/header speaks of/);
  });

  it("refuses another kind, another format and a header that lies", () => {
    expect(() => decodeDocument("score", encodeDocument(sample))).toThrow('says that it is of kind "sample"');
    expect(() => decodeDocument("sample", Buffer.from("EXPDOC02aaaaaaaaaaaaaaaa"))).toThrow(
      "does not begin with EXPDOC01",
    );
    const header = Buffer.from(encodeDocument(sample)).toString("latin1");
    const lying = Buffer.from(header.replace('"length":3', '"length":-'), "latin1");
    expect(() => decodeDocument("sample", lying)).toThrow("its header is not JSON");
    const negative = Buffer.from(header.replace('"float64"', '"floatxx"'), "latin1");
    expect(() => decodeDocument("sample", negative)).toThrow("known element type");
  });
});

function anyArray(): fc.Arbitrary<DocumentArray> {
  return fc.oneof(
    fc.uint8Array(),
    fc.uint16Array(),
    fc.int32Array(),
    fc.uint32Array(),
    fc.float32Array(),
    fc.float64Array(),
  );
}
