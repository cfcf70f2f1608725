import { describe, expect, it } from "vitest";
import { npyBytes, rawBytes } from "../../../../tests/ops/npy-testing.ts";
import { npyIntegers, parseNpy } from "./npy-array.ts";

/** `numpy.save` of `numpy.array([[-1, 2], [3, 40000]], dtype="<i4")`, NumPy 2.4. */
const savedByNumpy =
  "k05VTVBZAQB2AHsnZGVzY3InOiAnPGk0JywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwgJ3NoYXBlJzogKDIsIDIpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIAr/////AgAAAAMAAABAnAAA";

describe("parseNpy", () => {
  it("reads what NumPy writes", () => {
    const array = parseNpy("a", Buffer.from(savedByNumpy, "base64"));
    expect([array.type, array.shape]).toEqual(["<i4", [2, 2]]);
    expect(npyIntegers(array)).toEqual([-1, 2, 3, 40000]);
  });

  it("reads both header forms, from any offset in a buffer", () => {
    const bytes = npyBytes("<u2", [3], rawBytes(Uint16Array.of(1, 500, 65535)), { version: 2 });
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    expect(npyIntegers(parseNpy("a", shifted.subarray(1)))).toEqual([1, 500, 65535]);
    const long = parseNpy("a", npyBytes("<i8", [1, 2], rawBytes(BigInt64Array.of(-7n, 2n ** 40n))));
    expect(npyIntegers(long)).toEqual([-7, 2 ** 40]);
  });

  it.each([
    ["another file", new TextEncoder().encode("no array at all"), "it is no .npy array"],
    ["a cut header", npyBytes("|u1", [4], new Uint8Array(4)).subarray(0, 40), "it ends inside its header"],
    ["missing values", npyBytes("|u1", [2, 4], new Uint8Array(7)), "it has 7 bytes where shape (2, 4) needs 8"],
    ["spare values", npyBytes("<i4", [1], new Uint8Array(8)), "it has 8 bytes where shape (1) needs 4"],
    ["a shape beyond all memory", npyBytes("|u1", [1e9, 1e9], new Uint8Array(8)), "needs 1000000000000000000"],
    ["Fortran order", npyBytes("|u1", [2], new Uint8Array(2), { order: "True" }), "it is in Fortran order"],
    ["floats", npyBytes("<f4", [1], new Uint8Array(4)), "its elements are of type <f4"],
    ["big-endian numbers", npyBytes(">i4", [1], new Uint8Array(4)), "its elements are of type >i4"],
    ["objects", npyBytes("|O", [1], new Uint8Array(8)), "its elements are of type |O"],
  ])("refuses %s", (_, bytes, message) => {
    expect(() => parseNpy("val_images", bytes)).toThrow(message);
    expect(() => parseNpy("val_images", bytes)).toThrow("The array val_images cannot be read");
  });

  it("refuses whole numbers that would be rounded", () => {
    const array = parseNpy("a", npyBytes("<i8", [1], rawBytes(BigInt64Array.of(2n ** 60n))));
    expect(() => npyIntegers(array)).toThrow("is too large");
  });
});
