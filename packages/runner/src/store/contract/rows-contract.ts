import { describe, expect, test } from "vitest";
import type { NewShard, Store } from "../store.ts";
import { hashOf, layout, readRows, recipeOf, rowOf, shardOf, startRun } from "./sample-entries.ts";

export function describeRows(storeOf: () => Store): void {
  const missing = (recipe: string, names: readonly string[]): readonly string[] =>
    storeOf().missingRows(
      recipeOf(recipe),
      names.map((name) => hashOf(name)),
    );
  const hashes = (...names: readonly string[]): readonly string[] => names.map((name) => hashOf(name));

  describe("rows", () => {
    test("come back in the order asked for, also twice", () => {
      const store = storeOf();
      const run = startRun(store);
      store.saveRows(shardOf("dino", ["a", "b"], run));
      store.saveRows(shardOf("dino", ["c"], run));
      const { rows, absent } = readRows(store, "dino", ["c", "a", "c", "b"]);
      expect(rows).toEqual([rowOf("c"), rowOf("a"), rowOf("c"), rowOf("b")]);
      expect(absent).toEqual([]);
    });

    test("that are not there are named once, in order, and leave the target alone", () => {
      const store = storeOf();
      store.saveRows(shardOf("dino", ["a"], startRun(store)));
      const { rows, absent } = readRows(store, "dino", ["z", "a", "y", "z"]);
      expect(absent).toEqual(hashes("z", "y"));
      expect(rows).toEqual([[-1, -1, -1, -1, -1], rowOf("a"), [-1, -1, -1, -1, -1], [-1, -1, -1, -1, -1]]);
      expect(missing("dino", ["z", "a", "y", "z"])).toEqual(hashes("z", "y"));
    });

    test("of one recipe are not those of another", () => {
      const store = storeOf();
      store.saveRows(shardOf("dino", ["a"], startRun(store)));
      expect(missing("clip", ["a"])).toEqual(hashes("a"));
      expect(readRows(store, "clip", ["a"]).absent).toEqual(hashes("a"));
      expect(store.readLayout(recipeOf("clip"))).toBeNull();
      expect(store.readLayout(recipeOf("dino"))).toEqual(layout);
    });

    test("that are there already are left as they are", () => {
      const store = storeOf();
      const run = startRun(store);
      store.saveRows(shardOf("dino", ["a", "b"], run));
      store.saveRows(shardOf("dino", ["b", "c", "a", "c"], run, 1));
      expect(readRows(store, "dino", ["a", "b", "c"]).rows).toEqual([rowOf("a"), rowOf("b"), rowOf("c", 1)]);
      expect(store.statistics().rows).toBe(3);
    });

    test("keep every bit: signed zeros, infinities and NaN payloads", () => {
      const store = storeOf();
      const rows = new Float32Array(5);
      const bits = [0x80000000, 0x7f800000, 0x7fc12345, 0x00000001, 0x3f800000];
      new Uint32Array(rows.buffer).set(bits);
      store.saveRows({ ...shardOf("dino", ["a"], startRun(store)), rows });
      const target = new Float32Array(5);
      expect([...store.readRows(recipeOf("dino"), hashes("a"), target)]).not.toContain(null);
      expect([...new Uint32Array(target.buffer)]).toEqual(bits);
    });

    test("may lie in shared memory, at any offset", () => {
      const store = storeOf();
      const rows = new Float32Array(new SharedArrayBuffer(44), 4, 10);
      rows.set([...rowOf("a"), ...rowOf("b")]);
      store.saveRows({ ...shardOf("dino", ["a", "b"], startRun(store)), rows });
      const target = new Float32Array(new SharedArrayBuffer(24), 4, 5);
      expect([...store.readRows(recipeOf("dino"), hashes("b"), target)]).not.toContain(null);
      expect([...target]).toEqual(rowOf("b"));
    });

    test("by the thousand, over many shards", () => {
      const store = storeOf();
      const run = startRun(store);
      const names = Array.from({ length: 3000 }, (_, index) => `image ${String(index)}`);
      for (let start = 0; start < names.length; start += 70) {
        store.saveRows(shardOf("dino", names.slice(start, start + 70), run));
        expect(missing("dino", names.slice(start + 69, start + 71))).toEqual(
          hashes(...names.slice(start + 70, start + 71)),
        );
      }
      const backwards = [...names].reverse();
      const { rows, absent } = readRows(store, "dino", backwards);
      expect(absent).toEqual([]);
      expect(rows).toEqual(backwards.map((name) => rowOf(name)));
      expect(missing("dino", [...names, "another"])).toEqual(hashes("another"));
    });

    test("with digests that begin alike are kept apart", () => {
      const store = storeOf();
      const examples = ["00", "01", "02"].map((end) => "ab".repeat(31) + end);
      const shard = shardOf("dino", ["a", "b"], startRun(store));
      store.saveRows({ ...shard, examples: examples.slice(0, 2) });
      expect(store.missingRows(shard.recipe, examples)).toEqual(examples.slice(2));
    });

    test("have a check that follows their values", () => {
      const store = storeOf();
      const run = startRun(store);
      store.saveRows(shardOf("dino", ["a", "b"], run));
      store.saveRows(shardOf("clip", ["b", "a"], run));
      store.saveRows(shardOf("changed", ["a"], run, 1));
      const [a, b, none] = store.readRowChecks(recipeOf("dino"), hashes("a", "b", "z"));
      expect(a).toMatch(/^[0-9a-f]{16}$/);
      expect(b).not.toBe(a);
      expect(none).toBeNull();
      expect(store.readRowChecks(recipeOf("clip"), hashes("a", "b"))).toEqual([a, b]);
      expect(store.readRowChecks(recipeOf("changed"), hashes("a"))).not.toEqual([a]);
      expect(store.readRowChecks(recipeOf("unknown"), hashes("a"))).toEqual([null]);
    });

    test("an empty shard stores nothing", () => {
      const store = storeOf();
      store.saveRows(shardOf("dino", [], startRun(store)));
      expect(store.readLayout(recipeOf("dino"))).toBeNull();
    });

    test("refuses what does not fit", () => {
      const store = storeOf();
      const shard = shardOf("dino", ["a", "b"], startRun(store));
      const save = (change: Partial<NewShard>) => () => {
        store.saveRows({ ...shard, ...change });
      };
      expect(save({ rows: new Float32Array(9) })).toThrow("9 floats for 2 rows of 5");
      expect(save({ examples: ["a", "b"] })).toThrow("SHA-256");
      expect(save({ run: 7 })).toThrow("no run 7");
      expect(missing("dino", ["a", "b"])).toHaveLength(2);
      store.saveRows(shard);
      const narrow = { parts: [{ name: "pooled", width: 1 }], defaultPart: "pooled" };
      expect(save({ layout: narrow, rows: new Float32Array(2) })).toThrow("layout");
      const reading = store.readRows(shard.recipe, shard.examples, new Float32Array(9));
      expect(() => reading.next()).toThrow("2 rows of 5");
      expect(() => store.missingRows(shard.recipe, ["a"])).toThrow("SHA-256");
    });
  });
}
