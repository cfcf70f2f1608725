import { afterAll, describe, expect, it } from "vitest";
import { createOwnBench, type Arrays } from "../../../../tests/ops/own-testing.ts";
import { encodeNpz } from "../arrays/encode-npz.ts";
import { featuresCodec } from "../artifacts/features.ts";
import { OpError } from "../op-error.ts";
import { featuresFromFile } from "./features-from-file.ts";

const bench = createOwnBench({ op: featuresFromFile, output: "features", encode: encodeNpz });
afterAll(() => {
  bench.close();
});

/** Row r holds 10 r, 10 r + 1, ... */
const rowsOf = (count: number, width: number): Arrays[string] => ({
  shape: [count, width],
  data: Float64Array.from({ length: count * width }, (_, at) => 10 * Math.floor(at / width) + (at % width)),
});
const ids = { strings: bench.ids };
const digests = { strings: bench.digests };
const testRows = [10, 11, 30, 31, 50, 51];

describe("features from a file", () => {
  it.each<[string, Arrays]>([
    ["ids", { features: rowsOf(6, 2), ids }],
    ["digests", { features: rowsOf(6, 2), digests }],
    [
      "digests in capitals",
      { features: rowsOf(6, 2), digests: { strings: bench.digests.map((d) => d.toUpperCase()) } },
    ],
    [
      "digests although its ids are others",
      { features: rowsOf(6, 2), digests, ids: { strings: ["u", "v", "w", "x", "y", "z"] } },
    ],
  ])("are put into the order of the examples by %s", async (_, arrays) => {
    const features = await bench.bring(arrays);
    expect([...features.data]).toEqual(testRows);
    expect(features.digests).toEqual([1, 3, 5].map((row) => bench.digests[row]));
    expect(features.layout).toEqual({ parts: [{ name: "features", width: 2 }], defaultPart: "features" });
    expect(features.notes).toEqual(["Features come from a file (SHA-256 f00df00df00d): not reproducible here."]);
    expect(featuresCodec.decode(featuresCodec.encode(features))).toEqual(features);
  });

  it("do not hang on the order of the rows", async () => {
    const reversed = { shape: [6, 1], data: Float32Array.of(5, 4, 3, 2, 1, 0) };
    const features = await bench.bring({ features: reversed, ids: { strings: bench.ids.toReversed() } });
    expect([...features.data]).toEqual([1, 3, 5]);
  });

  it("have a part for each array, and the default part that the file names", async () => {
    const arrays = { one: rowsOf(6, 1), two: rowsOf(6, 2), centres: rowsOf(2, 9), digests };
    const features = await bench.bring(arrays);
    const parts = [{ name: "one", width: 1 }, { name: "two", width: 2 }]; // prettier-ignore
    expect(features.layout).toEqual({ parts, defaultPart: "one" });
    expect([...features.data.subarray(0, 3)]).toEqual([10, 10, 11]);
    const named = await bench.bring({ ...arrays, default_part: { strings: ["two"] } });
    expect(named.layout.defaultPart).toBe("two");
    const chosen = await bench.bring(arrays, { parts: ["two"] });
    expect(chosen.layout).toEqual({ parts: [{ name: "two", width: 2 }], defaultPart: "two" });
  });

  it("are made of columns of one number each, whole ones where they are named", async () => {
    const column = (...data: readonly number[]): Arrays[string] => ({ shape: [6], data: Float32Array.from(data) });
    const arrays = { f0: column(0, 1, 2, 3, 4, 5), f1: column(5, 4, 3, 2, 1, 0), ids };
    const features = await bench.bring(arrays);
    expect([...features.data]).toEqual([1, 4, 3, 2, 5, 0]);
    expect(features.layout.parts).toEqual([{ name: "features", width: 2 }]);
    const whole = { shape: [6, 1], data: Int32Array.of(0, 1, 2, 3, 4, 5) };
    expect([...(await bench.bring({ whole, ids }, { parts: ["whole"] })).data]).toEqual([1, 3, 5]);
  });

  it("take rows of one digest where they have the same values, since identical images share it", async () => {
    const repeated = { shape: [7, 1], data: Float32Array.of(0, 1, 2, 3, 4, 5, 3) };
    const names = { strings: [...bench.digests, bench.digests[3]!] };
    expect([...(await bench.bring({ features: repeated, digests: names })).data]).toEqual([1, 3, 5]);
    const other = { shape: [7, 1], data: Float32Array.of(0, 1, 2, 3, 4, 5, 7) };
    await expect(bench.bring({ features: other, digests: names })).rejects.toThrow(
      `rows.npz names 1 digest more than once, with different values: ${bench.digests[3]!}.`,
    );
  });

  it("ignore rows of no split where that is asked for", async () => {
    const arrays = { features: rowsOf(7, 2), ids: { strings: [...bench.ids, "other.png"] } };
    expect([...(await bench.bring(arrays, { extra: "ignore" })).data]).toEqual(testRows);
  });
});

describe("a file whose features do not fit", () => {
  it.each<[string, Arrays, Readonly<Record<string, unknown>>, string, string]>([
    [
      "a missing example",
      { features: rowsOf(5, 2), ids: { strings: bench.ids.filter((id) => id !== "d.png") } },
      {},
      "own-rows-missing",
      "rows.npz has no row for 1 of the 3 examples of this split: d.png.",
    ],
    [
      "an example of no split",
      { features: rowsOf(7, 2), ids: { strings: [...bench.ids, "other.png"] } },
      {},
      "own-rows-unknown",
      "rows.npz names 1 id that the data set does not have: other.png. Its own are like a.png.",
    ],
    [
      "ids of another data set",
      { features: rowsOf(8, 2), ids: { strings: ["s", "t", "u", "v", "w", "x", "y", "z"] } },
      {},
      "own-rows-unknown",
      "rows.npz names 8 ids that the data set does not have: s, t, u, v, w and 3 more.",
    ],
    [
      "an example twice",
      { features: rowsOf(7, 2), ids: { strings: [...bench.ids, "d.png"] } },
      {},
      "own-rows-repeated",
      "rows.npz names 1 id more than once: d.png.",
    ],
    [
      "fewer rows than names",
      { features: rowsOf(5, 2), ids },
      {},
      "own-array-unexpected",
      "The array features of rows.npz is of shape (5, 2); expected are 6 rows, one for each name in ids.",
    ],
    [
      "a cube",
      { features: { shape: [6, 1, 2], data: new Float32Array(12) }, ids },
      {},
      "own-array-unexpected",
      "The array features of rows.npz is of shape (6, 1, 2)",
    ],
    ["no width", { features: rowsOf(6, 0), ids }, {}, "own-array-unexpected", "is of shape (6, 0)"],
    ["texts", { features: ids, ids }, {}, "own-array-unexpected", "The array features of rows.npz holds texts"],
    [
      "an unknown array",
      { features: rowsOf(6, 2), ids },
      { parts: ["cls", "features"] },
      "own-array-unknown",
      "rows.npz has no array cls; it holds features, ids.",
    ],
    [
      "an unknown array of names",
      { features: rowsOf(6, 2), ids },
      { ids: "files" },
      "own-array-unknown",
      "rows.npz has no array files; it holds features, ids.",
    ],
    [
      "no names",
      { features: rowsOf(6, 2) },
      {},
      "own-ids-missing",
      "it has no array digests or digest or ids or id, but features.",
    ],
    [
      "no digests",
      { features: rowsOf(6, 2), ids },
      { key: "digest" },
      "own-ids-missing",
      "it has no array digests or digest, but features, ids.",
    ],
    [
      "names that are numbers with fractions",
      { features: rowsOf(6, 2), ids: rowsOf(6, 1) },
      {},
      "own-ids-unexpected",
      "The array ids of rows.npz does not name rows",
    ],
    [
      "no features",
      { ids, mine: rowsOf(5, 2) },
      {},
      "own-array-unknown",
      "rows.npz has no array of floats with 6 rows, one for each name in ids; it holds ids, mine.",
    ],
  ])("%s is refused", async (_, arrays, params, code, message) => {
    const bringing = bench.bring(arrays, params);
    await expect(bringing).rejects.toThrow(message);
    await expect(bringing).rejects.toThrow(OpError);
    await expect(bringing).rejects.toMatchObject({ code });
  });

  it.each([
    [NaN, "NaN"],
    [-Infinity, "-Infinity"],
    [1e39, "1e+39"],
  ])("%s is refused, but only in the split that is asked for", async (value, text) => {
    const withValueAt = (row: number): Arrays => {
      const { data, shape } = rowsOf(6, 2) as { data: Float64Array; shape: readonly number[] };
      data[row * 2 + 1] = value;
      return { features: { data, shape }, ids };
    };
    await expect(bench.bring(withValueAt(3))).rejects.toThrow(
      `Feature 1 of features in rows.npz is ${text} for example d.png.`,
    );
    expect([...(await bench.bring(withValueAt(0))).data]).toEqual(testRows);
  });

  it("views cannot be had", async () => {
    const recipe = { operations: ["flip"], seed: 0, stored: true };
    const views = bench.examples.examples.map((example) => ({
      ...example,
      view: { of: example.digest, index: 0, recipe },
    }));
    await expect(
      bench.bring({ features: rowsOf(6, 2), ids }, {}, { ...bench.examples, examples: views }),
    ).rejects.toMatchObject({ code: "own-rows-of-views" });
  });
});
