import { expect, test } from "vitest";
import { digestOf, hashDocument, rollUpDigests, type ContentKey, type Fingerprint, type Recipe } from "./digests.ts";

test("a digest is SHA-256 in lower-case hex", () => {
  expect(digestOf(new Uint8Array())).toBe("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  expect(digestOf(Buffer.from("abc"))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
});

test("the hashes of a document are known, and differ by what they are the hash of", () => {
  const document = { op: "head.linear", params: { rate: 0.001 } };
  expect(hashDocument<Fingerprint>("fingerprint", document)).toBe(
    "af6cbe8a166957f840713fd39748413f2be0615dc3ff6ed3246bac9bd718745a",
  );
  expect(hashDocument<Recipe>("recipe", document)).toBe(
    "a3f0365ac4b283f81ed2c36093e1c34049d019941d272eda5fbf6abcae4eede0",
  );
  expect(hashDocument<ContentKey>("content", document)).toBe(
    "5e211054959dd43229cf0b46bfd2d4e64170062081d888c6bb25606aa450f06b",
  );
});

test("the order of a document's members does not matter, its values do", () => {
  const hash = hashDocument<Fingerprint>("fingerprint", { a: 1, b: [1, 2] });
  expect(hashDocument<Fingerprint>("fingerprint", { b: [1, 2], a: 1 })).toBe(hash);
  expect(hashDocument<Fingerprint>("fingerprint", { b: [2, 1], a: 1 })).not.toBe(hash);
  expect(hashDocument<Fingerprint>("fingerprint", { a: "1", b: [1, 2] })).not.toBe(hash);
});

test("the digest of many files follows their names and digests", () => {
  const [a, b] = [digestOf(Buffer.from("a")), digestOf(Buffer.from("b"))];
  const rolled = rollUpDigests([
    { name: "a.png", digest: a },
    { name: "b.png", digest: b },
  ]);
  expect(rolled).toBe("3e2640c9ca180c42b3b72c29893082afdff96f7b02bd2e8ae318d046e62fd16a");
  expect(
    rollUpDigests([
      { name: "a.png", digest: b },
      { name: "b.png", digest: a },
    ]),
  ).not.toBe(rolled);
  expect(rollUpDigests([{ name: "a.png", digest: a }])).not.toBe(rolled);
});
