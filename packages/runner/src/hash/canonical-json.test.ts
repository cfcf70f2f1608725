import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson, type Json } from "./canonical-json.ts";

test.each<[string, Json, string]>([
  ["null", null, "null"],
  ["a negative zero", -0, "0"],
  ["a nested negative zero", [{ a: -0 }], '[{"a":0}]'],
  ["large and small numbers", [1e21, 1e-7, 0.1, 123456789012345680000], "[1e+21,1e-7,0.1,123456789012345680000]"],
  ["names by code unit", { b: 1, a: 2, B: 3, é: 4, "10": 5, "9": 6 }, '{"10":5,"9":6,"B":3,"a":2,"b":1,"é":4}'],
  ["names outside the basic plane", { "\uff01": 1, "\u{1f600}": 2 }, '{"\u{1f600}":2,"\uff01":1}'],
  ["escapes", '"\\\n\u0001\u2028', '"\\"\\\\\\n\\u0001\u2028"'],
  ["a lone surrogate", "\ud800", '"\\ud800"'],
  ["empty things", [[], {}, ""], '[[],{},""]'],
])("spells %s", (_, value, text) => {
  expect(canonicalJson(value)).toBe(text);
});

test.each([NaN, Infinity, -Infinity])("refuses %s", (value) => {
  expect(() => canonicalJson({ rate: [value] })).toThrow("No canonical JSON for the number");
});

test("is one text for equal values, and JSON that says the same", () => {
  const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;
  fc.assert(
    fc.property(json, (value) => {
      const text = canonicalJson(value);
      expect(canonicalJson(reversed(value))).toBe(text);
      expect(canonicalJson(JSON.parse(text) as Json)).toBe(text);
    }),
    { numRuns: 300 },
  );
});

test("has the bytes that other implementations give", () => {
  const document = {
    params: { rate: 0.001, steps: 100, name: "Größe" },
    op: "head.linear",
    inputs: [null, true, -1.5],
  };
  // Python: json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
  const text = '{"inputs":[null,true,-1.5],"op":"head.linear","params":{"name":"Größe","rate":0.001,"steps":100}}';
  expect(canonicalJson(document)).toBe(text);
  expect(createHash("sha256").update(canonicalJson(document)).digest("hex")).toBe(
    "452b57e4f32d80eb96d0b8dc8d184a06d17565ee507a2d3f58f665b9037945d7",
  );
});

/** The same value with the members of its objects in the opposite order. */
function reversed(value: Json): Json {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(reversed);
  const members = Object.entries(value as Readonly<Record<string, Json>>).reverse();
  return Object.fromEntries(members.map(([name, member]) => [name, reversed(member)]));
}
